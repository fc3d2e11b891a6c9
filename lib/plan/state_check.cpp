// SPDX-License-Identifier: Apache-2.0
#include "plan/state_check.hpp"

#include <algorithm>

namespace relup::plan {
namespace {

using beam::Expression;
using diff::ModuleChange;
using facts::StateChange;

bool calls_something(const Expression& expression) {
  return expression.kind == Expression::Kind::call ||
         std::any_of(expression.parts.begin(), expression.parts.end(), calls_something);
}

// Whether a clause may know of the new shape: it names a new field, or the record, or has somebody
// else do the work.
bool may_know(const beam::Clause& clause, const StateChange& change) {
  const auto names = [&](const std::string& atom) {
    const auto mentions = [&](const Expression& part) {
      return beam::mentions(part.form, Atom(atom));
    };
    return mentions(clause.body) ||
           std::any_of(clause.patterns.begin(), clause.patterns.end(), mentions);
  };
  return calls_something(clause.body) ||
         std::any_of(change.added.begin(), change.added.end(), names) ||
         (!change.after.name.empty() && names(change.after.name));
}

}  // namespace

std::string state_fault(const ModuleChange& module) {
  if (!module.state_change) return "";
  const facts::ModuleFacts& facts = *module.new_facts;
  const auto callback = facts::state_callback(facts);
  if (!callback) return "the new module exports no code_change";
  if (facts.keeps_state) return "its code_change returns the state as it was";
  const beam::SourceFunction* function =
      facts.source() != nullptr ? facts.source()->find(callback->name, callback->arity) : nullptr;
  if (function == nullptr || module.state_change->added.empty()) return "";
  const bool knows = std::any_of(
      function->clauses.begin(), function->clauses.end(),
      [&](const beam::Clause& clause) { return may_know(clause, *module.state_change); });
  return knows ? "" : "its code_change knows nothing of that";
}

namespace {

// The behaviours that hold a state, as people say them: "gen_server".
std::string process_of(const facts::ModuleFacts& facts) {
  for (const char* behaviour : {"gen_server", "gen_statem", "gen_event", "gen_fsm"}) {
    if (facts.has_behaviour(behaviour)) return behaviour;
  }
  return facts.has_behaviour("Elixir.GenServer") ? "gen_server" : "";
}

// Live processes stay what they were, and their callbacks may be gone.
std::optional<Diagnostic> check_behaviour(const ModuleChange& module, const std::string& file) {
  if (!module.old_facts || !module.new_facts) return std::nullopt;
  const std::string was = process_of(*module.old_facts);
  const std::string is = process_of(*module.new_facts);
  if (was.empty() || was == is) return std::nullopt;
  Diagnostic finding;
  finding.rule = "behaviour-change";
  finding.severity = Severity::warning;
  finding.file = file;
  finding.message = module.name.name() + " was a " + was + " and is " +
                    (is.empty() ? "none any more" : "a " + is) +
                    ": its live processes crash at their next callback";
  finding.notes.emplace_back(
      "end them in the upgrade, or give the new kind of process a module of its own");
  return finding;
}

}  // namespace

Diagnostics check_states(const diff::ApplicationChange& application, const std::string& ebin) {
  Diagnostics findings;
  for (const ModuleChange& module : application.modules) {
    const std::string file = ebin + "/" + module.name.name() + ".beam";
    if (auto finding = check_behaviour(module, file)) findings.push_back(std::move(*finding));
    const std::string fault = state_fault(module);
    if (fault.empty()) continue;
    Diagnostic finding;
    finding.rule = "state-change";
    finding.file = file;
    if (module.state_change->is_presumed) finding.severity = Severity::warning;
    finding.message = std::string(module.state_change->is_presumed ? "what is probably " : "") +
                      "the state of " + module.name.name() + " (" +
                      facts::describe(module.state_change->after) + ") " +
                      facts::describe(*module.state_change) + ", but " + fault;
    finding.notes.push_back(
        "live processes of it would go on with the old state and crash; write a code_change that "
        "turns the old state into the new one and, for {down, Vsn}, back");
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace relup::plan
