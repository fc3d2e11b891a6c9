// SPDX-License-Identifier: Apache-2.0
#include "live/rehearsal.hpp"

#include <algorithm>
#include <array>

#include "node/arguments.hpp"

namespace relup::live {
namespace {

using End = Rehearsal::End;

// Short, so that an interruption is heard.
constexpr Milliseconds one_wait{200};

// With the words that belong to them.
constexpr auto left_out = std::to_array<std::string_view>(
    {"-name", "-sname", "-setcookie", "-remsh", "-heart", "-detached", "-boot", "-boot_var",
     "-config", "-mode", "-args_file", "-noshell", "-noinput", "-interactive", "-run", "-s",
     "-eval"});

bool is_left_out(const std::string& word) {
  return std::find(left_out.begin(), left_out.end(), word) != left_out.end();
}

bool is_flag(const std::string& word) {
  return word.starts_with('-') || word.starts_with('+');
}

Term pair(std::string_view name, Term value) {
  return Term::tuple({Term::atom(name), std::move(value)});
}

Term order_of(const std::string& root, const RehearsalPlan& plan) {
  Term::Elements words;
  for (const std::string& flag : plan.flags)
    words.push_back(Term::string(flag));
  return Term::list({pair("root", Term::string(root)), pair("erts", Term::string(plan.erts)),
                     pair("boot", Term::string(plan.boot_file)),
                     pair("flags", Term::list(std::move(words))),
                     pair("fill_in", Term::atom(plan.has_variables ? "true" : "false")),
                     pair("config", plan.settings ? *plan.settings : Term::atom("none"))});
}

// {holds, Mark}, {fails, Text}, {untried, Text}
Rehearsal read_answer(const Term& answer) {
  const Term& what = answer.as_tuple()->at(1);
  if (answer.is_tagged("holds", 2))
    return {End::holds, "", what.is_atom("none") ? std::nullopt : std::optional(what)};
  return {answer.is_tagged("fails", 2) ? End::fails : End::untried,
          what.text().value_or("it does not tell why")};
}

}  // namespace

std::vector<std::string> flags_to_try(const std::string& arguments_file) {
  std::vector<std::string> kept;
  bool is_kept = true;
  for (std::string& word : node::split_arguments(arguments_file)) {
    if (word == "-extra" || word == "--") break;
    if (is_flag(word)) is_kept = !is_left_out(word);
    if (is_kept) kept.push_back(std::move(word));
  }
  return kept;
}

RunningRehearsal::RunningRehearsal(AgentVerbs& agent, const std::string& root,
                                   const RehearsalPlan& plan)
    : agent_(&agent), order_(order_of(root, plan)), begun_(agent.begin_rehearsal(order_)) {}

void RunningRehearsal::ask(Milliseconds wait) {
  if (answer_) return;
  const Term answer = agent_->rehearsal(begun_, wait);
  if (answer.is_tagged("lost", 2)) {
    begun_ = agent_->begin_rehearsal(order_);
  } else if (!answer.is_atom("running")) {
    answer_ = read_answer(answer);
  }
}

Rehearsal RunningRehearsal::end(Interruption& interruption) {
  while (!answer_ && !interruption.signal())
    ask(one_wait);
  return answer_.value_or(Rehearsal{End::untried, "it was interrupted"});
}

Rehearsal rehearse(AgentVerbs& agent, const std::string& root, const RehearsalPlan& plan,
                   Interruption& interruption, const Rehearsal& earlier) {
  if (earlier.mark && agent.rehearsal_fits(*earlier.mark, order_of(root, plan))) return earlier;
  return RunningRehearsal(agent, root, plan).end(interruption);
}

}  // namespace relup::live
