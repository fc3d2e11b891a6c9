// SPDX-License-Identifier: Apache-2.0
#include "change/hooks.hpp"

#include "base/duration.hpp"
#include "base/json.hpp"
#include "change/ending.hpp"

namespace relup::change {
namespace {

using policy::Hook;

std::string how_it_ended(const ShellResult& result, Milliseconds patience) {
  switch (result.end) {
    case ShellEnd::killed:
      return "was killed by signal " + std::to_string(result.number);
    case ShellEnd::timed_out:
      return "did not end within " + duration_text(patience);
    default:
      return "ended with " + std::to_string(result.number);
  }
}

std::string verb_of(std::optional<appup::Direction> direction) {
  return direction == appup::Direction::down ? "downgrade" : "upgrade";
}

Json names_json(const std::vector<Atom>& modules) {
  std::set<std::string> names;
  for (const Atom module : modules)
    names.insert(module.name());
  return std::vector<std::string>(names.begin(), names.end());
}

Json script_json(const host::ScriptSummary& script) {
  return {{"direction", script.direction == appup::Direction::up ? "up" : "down"},
          {"steps", script.steps},
          {"loads", names_json(script.loaded)},
          {"removes", names_json(script.removed)},
          {"suspends", names_json(script.suspended)},
          {"restarts_emulator", script.restarts_emulator}};
}

}  // namespace

std::string Hooks::document(Hook hook, const Facts& facts) const {
  const Json plan{{"schema_version", 1},
                  {"hook", policy::name_of(hook)},
                  {"verb", facts.verb},
                  {"from", facts.from},
                  {"to", facts.to},
                  {"root", host_.root},
                  {"node", session_.node_name()},
                  {"because", facts.because ? Json(*facts.because) : Json(nullptr)},
                  {"script", script_ ? script_json(*script_) : Json(nullptr)}};
  return dump(plan) + "\n";
}

std::optional<std::string> Hooks::run(Hook hook, const Facts& facts, Interruption& interruption) {
  const std::string& command = tools_.settings.hook(hook);
  if (command.empty() || !has_run_.insert(hook).second) return std::nullopt;
  const std::string name(policy::name_of(hook));
  const Milliseconds patience = tools_.settings.hook_timeout.value;
  Step step(tools_.progress, tools_.clock, "hook", name + ": " + command);
  const ShellResult result = tools_.run_hook(
      {command,
       {"RELUP_HOOK=" + name, "RELUP_FROM=" + facts.from, "RELUP_VERSION=" + facts.to,
        "RELUP_ROOT=" + host_.root, "RELUP_NODE=" + session_.node_name()},
       document(hook, facts),
       patience},
      [&step](const std::string& line) { step.say(line); }, interruption);
  const bool is_well = result.end == ShellEnd::exited && result.number == 0;
  if (is_well) step.done();
  if (is_well || result.end == ShellEnd::interrupted) return std::nullopt;
  return "the hook " + name + " " + how_it_ended(result, patience) + ": " + command;
}

void Hooks::before_install(const Plan& plan, const Outcome& outcome) {
  verb_ = verb_of(plan.direction);
  if (plan.script != nullptr) script_ = *plan.script;
  const auto failure = run(Hook::before_install, {verb_, outcome.from, outcome.to, std::nullopt},
                           tools_.interruption);
  if (!failure) return;
  has_run_.erase(Hook::before_install);
  throw Error(ErrorCode::answer_is_no, *failure + "; the install was not begun");
}

void Hooks::after_install(Outcome& outcome) {
  const auto failure = run(Hook::after_install, {verb_, outcome.from, outcome.to, std::nullopt},
                           tools_.interruption);
  if (failure) outcome.notes.push_back(*failure);
}

void Hooks::before_commit(const host::ScriptSummary* script, const Outcome& outcome) {
  if (script != nullptr) script_ = *script;
  const auto failure = run(Hook::before_commit, {verb_, outcome.from, outcome.to, std::nullopt},
                           tools_.interruption);
  if (failure) throw uncommitted(outcome, *failure);
}

void Hooks::went_back(Outcome& outcome, const Error& cause) {
  if (!has_run_.contains(Hook::before_install)) return;
  run_at_the_end({verb_, outcome.from, outcome.to, cause.message()}, outcome);
}

void Hooks::after_rollback(const host::ScriptSummary* script, Outcome& outcome) {
  if (script != nullptr) script_ = *script;
  run_at_the_end({"rollback", outcome.from, outcome.to, std::nullopt}, outcome);
}

// Also when somebody has wanted the work to end: what before_install has begun must be taken back.
void Hooks::run_at_the_end(const Facts& facts, Outcome& outcome) {
  const auto failure = run(Hook::after_rollback, facts, no_interruption());
  if (failure) outcome.notes.push_back(*failure);
}

}  // namespace relup::change
