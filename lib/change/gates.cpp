// SPDX-License-Identifier: Apache-2.0
#include "change/gates.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/words.hpp"
#include "live/suspend_probe.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds check_patience{5'000};
constexpr Milliseconds poll_interval{250};

}  // namespace

std::vector<live::OldCode> wait_for_old_code(NodeSession& session, Clock& clock,
                                             const std::vector<Atom>& modules,
                                             Milliseconds patience) {
  const auto deadline = clock.steady() + patience;
  for (;;) {
    std::vector<live::OldCode> in_use = session.agent().old_code(modules);
    std::erase_if(in_use, [](const live::OldCode& old_code) { return old_code.processes.empty(); });
    if (in_use.empty() || clock.steady() >= deadline) return in_use;
    clock.sleep(poll_interval);
  }
}

void refuse_if_old_code_in_use(NodeSession& session, Clock& clock,
                               const host::ScriptSummary& script) {
  std::string culprits;
  for (const live::OldCode& old_code :
       wait_for_old_code(session, clock, script.purged_softly, check_patience)) {
    culprits += "\n  " + live::describe(old_code);
  }
  if (culprits.empty()) return;
  throw Error(ErrorCode::answer_is_no,
              "processes still run code from before the last change, which this one would purge:" +
                  culprits)
      .with_hint("wait until they are done, or restart them, then try again");
}

bool is_in_the_way(const live::MemoryDifference& difference, const host::ScriptSummary& script) {
  const auto& loaded = script.loaded;
  return !difference.module ||
         std::find(loaded.begin(), loaded.end(), *difference.module) != loaded.end();
}

void refuse_if_unproved(NodeSession& session, const release::ReleaseTree& from,
                        const host::ScriptSummary& script) {
  std::vector<std::string> faults;
  for (const live::MemoryDifference& each : live::differences_in_memory(session.agent(), from)) {
    if (is_in_the_way(each, script)) faults.push_back(each.text);
  }
  if (faults.empty()) return;
  throw Error(ErrorCode::answer_is_no,
              "the node does not run the code of " + from.version() +
                  ", which its release handler takes it to run: " + joined(faults))
      .with_hint("restart the node, so that both agree, then try again");
}

void refuse_if_busy(NodeSession& session, const host::ScriptSummary& script) {
  const auto busy = live::find_busy_process(session.channel(), script.suspended);
  if (!busy) return;
  throw Error(ErrorCode::answer_is_no,
              "a process is busy and cannot be suspended, so it would go on with new code and its "
              "old state: " +
                  *busy)
      .with_hint("wait until it is done, or restart it, then try again");
}

}  // namespace relup::change
