// SPDX-License-Identifier: Apache-2.0
#include "change/admission.hpp"

#include "base/words.hpp"
#include "change/still_worth_it.hpp"

namespace relup::change {

ProposedChange Admission::accept(const ChangeRequest& request, const Releases& releases) {
  Judgement judgement = judge_by_files(request, releases, host_,
                                       {tools_.files, tools_.clock, tools_.progress, checkpoint_});
  if (judgement.objections.empty()) return *std::move(judgement.change);
  if (judgement.change) {
    const ProposedChange& change = *judgement.change;
    NodeFindings findings;
    append(judgement.objections,
           ask_node(change.script ? &*change.script : nullptr, &change, findings));
  }
  throw refusal("the change to " + request.version, judgement.objections);
}

Objections Admission::ask_node(const host::ScriptSummary* script, const ProposedChange* change,
                               NodeFindings& findings) {
  Objections objections = objections_of_node(
      {session_.channel(), session_.agent(), tools_.clock, script, change, findings, wishes_.engine,
       live::Depth::quick, &wishes_.quiesce, wishes_.may_kill, tools_.interruption});
  stop_if_interrupted(tools_);
  return objections;
}

NodeFindings Admission::check(const ProposedChange& change, Outcome& outcome) {
  Step step(tools_.progress, tools_.clock, "check", "with the release handler");
  const host::ScriptSummary& script = *change.script;
  NodeFindings findings;
  const Objections objections = ask_node(&script, &change, findings);
  outcome.notes.insert(outcome.notes.end(), findings.notes.begin(), findings.notes.end());
  proof_.leave_alone(findings.left_alone, outcome);
  if (!objections.empty()) throw refusal("the change to " + change.to, objections);
  try {
    session_.agent().check_install(change.to);
  } catch (const live::ReleaseHandlerError& error) {
    if (error.reason().is_tagged("EXIT", 2)) failed_.explain(change.from, change.to, error);
    throw;
  }
  step.done(counted(script.loaded.size(), "module") + " to load, processes of " +
            counted(script.suspended.size(), "module") + " to suspend");
  return findings;
}

}  // namespace relup::change
