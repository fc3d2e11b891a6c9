// SPDX-License-Identifier: Apache-2.0
#include "generate/make_relup.hpp"

#include "generate/application_order.hpp"
#include "generate/protocol_switch.hpp"
#include "generate/release_wishes.hpp"
#include "generate/soften.hpp"
#include "relup/way_script.hpp"

namespace relup::generate {
namespace {

using appup::Direction;
using release::ReleaseTree;

void report(const WayScript& made, FindingList& findings) {
  for (const Problem& problem : made.warnings) {
    Diagnostic warning = problem.diagnostic;
    warning.severity = Severity::warning;
    findings.add(std::move(warning));
  }
  for (const Problems* problems : {&made.collecting, &made.translating}) {
    for (const Problem& problem : *problems)
      findings.add(problem.diagnostic);
  }
}

class RelupMaker {
 public:
  RelupMaker(const GenerateRequest& request, GeneratedAppups& appups, FindingList& findings)
      : request_(request), appups_(appups), findings_(findings) {}

  void add_entry(const Base& base, Direction direction, std::vector<RelupEntry>& entries) {
    const ReleaseTree& old_release = *base.release;
    const ReleaseTree& new_release = *request_.new_release;
    const Way way = way_between(old_release.release, new_release.release, direction);
    WayScript made = make_script(way, appups_);
    report(made, findings_);
    if (!made.script) return;
    const bool up = direction == Direction::up;
    soften(*made.script, up ? old_release : new_release, up ? new_release : old_release);
    findings_.add(order_applications(way, base.plan.dependencies, *made.script));
    switch_protocols(base.diff, direction == Direction::up ? new_release : old_release,
                     *made.script);
    Diagnostics faults;
    add_release_wishes(way, request_.policy, *made.script, faults);
    for (Diagnostic& fault : faults)
      findings_.add_fault(std::move(fault));
    entries.push_back({old_release.version(), Term(), std::move(*made.script)});
  }

 private:
  const GenerateRequest& request_;
  GeneratedAppups& appups_;
  FindingList& findings_;
};

}  // namespace

Relup make_relup(const GenerateRequest& request, const Bases& bases, GeneratedAppups& appups,
                 FindingList& findings) {
  Relup relup{request.new_release->version(), {}, {}};
  RelupMaker maker(request, appups, findings);
  // The base that was named last comes first, as systools has it.
  for (auto named = request.old_releases.rbegin(); named != request.old_releases.rend(); ++named) {
    const Base& base = find_base(bases, **named);
    maker.add_entry(base, Direction::up, relup.up);
    maker.add_entry(base, Direction::down, relup.down);
  }
  return relup;
}

}  // namespace relup::generate
