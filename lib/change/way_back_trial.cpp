// SPDX-License-Identifier: Apache-2.0
#include "change/way_back_trial.hpp"

#include "change/objections.hpp"

namespace relup::change {

Objections against_way_back(NodeSession& session, const ChangeTools& tools, const host::Host& host,
                            const host::ScriptSummary& script, const std::string& from,
                            const std::string& to) {
  try {
    const ProposedChange back{from,
                              to,
                              ReleaseSource::known,
                              host::release_on(tools.files, host, from),
                              host::release_on(tools.files, host, to),
                              std::nullopt,
                              std::nullopt,
                              script,
                              std::nullopt,
                              std::nullopt,
                              {}};
    NodeFindings findings;
    findings.configuration = session.agent().environment(to, {});
    return by_node::unworkable_code_change(
        {session.channel(), session.agent(), tools.clock, &script, &back, findings});
  } catch (const node::NodeError&) {
    throw;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace relup::change
