// SPDX-License-Identifier: Apache-2.0
#include "change/going_back.hpp"

#include "change/draining.hpp"
#include "change/ending.hpp"
#include "change/way_back_trial.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

void GoingBack::go(const Outcome& outcome, const Error& cause) {
  Step step(tools_.progress, tools_.clock, "back", outcome.to + " -> " + outcome.from);
  try {
    make_room(outcome, cause);
    installing_.ask(outcome.to, outcome.from, step);
    step.done();
  } catch (const Error& failure) {
    if (failure.code() == ErrorCode::uncommitted) throw;
    // The explanation looks at where this has led.
  }
  failed_.explain(outcome.from, outcome.to, cause);
}

void GoingBack::try_way_back(const host::ScriptSummary& script, const Outcome& outcome,
                             const Error& cause) {
  const Objections objections =
      against_way_back(session_, tools_, host_, script, outcome.to, outcome.from);
  if (objections.empty()) return;
  throw uncommitted(outcome,
                    cause.message() + "; going back would fail: " + objections.front()->sentence())
      .with_hint("`relup commit` keeps " + outcome.to + "; a restart of the node boots " +
                 outcome.from + ", and all state is lost then");
}

void GoingBack::make_room(const Outcome& outcome, const Error& cause) {
  const auto script = host::find_script_on(tools_.files, host_, outcome.to, outcome.from);
  if (!script) return;
  std::vector<Atom> modules = script->purged_brutally_before;
  modules.insert(modules.end(), script->purged_softly.begin(), script->purged_softly.end());
  const std::vector<live::OldCode> still =
      wait_for_old_code(session_.agent(), tools_.clock, modules, EndRequest().drain_timeout,
                        tools_.interruption)
          .still;
  if (still.empty() && session_.agent().purge_softly(modules).empty())
    return try_way_back(*script, outcome, cause);
  throw uncommitted(outcome, cause.message() +
                                 "; going back has to wait for processes in old code, or would "
                                 "kill them: " +
                                 census(still))
      .with_hint("`relup rollback` when they are done; `relup rollback " + kill_options(still) +
                 "` kills them");
}

}  // namespace relup::change
