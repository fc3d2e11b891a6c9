// SPDX-License-Identifier: Apache-2.0
#include "change/release_handler_check.hpp"

#include "base/words.hpp"
#include "live/release_handler.hpp"

namespace relup::change {

Objections refused_by_release_handler(const NodeView& view) {
  const std::vector<std::string>& calls = view.script->called_by_check;
  if (!calls.empty()) {
    view.findings.notes.push_back("the release handler's own check calls " + joined(calls) +
                                  ", so only an upgrade can ask for it");
    return {};
  }
  if (view.change->source != ReleaseSource::known) return {};
  try {
    view.agent.check_install(view.change->to);
    return {};
  } catch (const live::ReleaseHandlerError& error) {
    return {object<ReportedObjection>(ObjectionKind::refused_by_release_handler, error)};
  }
}

}  // namespace relup::change
