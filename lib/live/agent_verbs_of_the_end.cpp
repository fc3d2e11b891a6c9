// SPDX-License-Identifier: Apache-2.0
//
// What the agent is asked when an install has to be ended: who still runs old code, whether all is
// well, and going back.
#include "live/agent_verbs.hpp"
#include "live/release_handler.hpp"

namespace relup::live {
namespace {

constexpr Milliseconds quick{10'000};
constexpr Milliseconds one_wait{250};
constexpr Milliseconds patient{120'000};

std::string text_at(const Term::Elements& parts, std::size_t at) {
  return parts.at(at).text().value_or("?");
}

}  // namespace

std::vector<OldCode> AgentVerbs::purge_softly(const std::vector<Atom>& modules) {
  return old_code_of(agent_.ask(tagged("purge_softly", atom_list(modules)), patient));
}

std::vector<OldCode> AgentVerbs::purge_brutally(const std::vector<Atom>& modules) {
  return old_code_of(agent_.ask(tagged("purge_brutally", atom_list(modules)), patient));
}

std::vector<Atom> AgentVerbs::purged_by_commit() {
  return agent_.ask(Term::atom("purged_by_commit"), patient).atoms().value_or(std::vector<Atom>());
}

void AgentVerbs::confirm_within(const Confirmation& confirmation, const InstallOrder& back,
                                const std::vector<Atom>& spared) {
  const Term way = Term::tuple({Term::string(confirmation.from), Term::string(confirmation.to)});
  const Term answer = agent_.ask(tagged("confirm_within", root_on_node(), way, atom_list(spared),
                                        Term(confirmation.left.count()), term_of_how(back)),
                                 quick);
  if (answer.is_atom("ok")) return;
  throw Error(ErrorCode::unavailable,
              "the time to confirm a release is over, and the node goes back by itself")
      .with_hint("`relup status` tells when it has");
}

void AgentVerbs::call_off_confirmation() {
  const Term answer = agent_.ask(Term::atom("call_off_confirmation"), quick);
  if (!answer.is_tagged("error", 2)) return;
  throw Error(ErrorCode::unavailable,
              "the time to confirm a release is over, and the node goes back by itself")
      .with_hint("`relup status` tells when it has");
}

std::optional<Confirmation> AgentVerbs::confirmation() {
  const Term answer = agent_.ask(Term::atom("confirmation"), quick);
  if (answer.is_tagged("going_back", 3)) {
    const Term::Elements& parts = *answer.as_tuple();
    return Confirmation{text_at(parts, 1), text_at(parts, 2), Milliseconds{0}, true};
  }
  if (!answer.is_tagged("waiting", 4)) return std::nullopt;
  const Term::Elements& parts = *answer.as_tuple();
  const std::int64_t* left = parts.at(3).as_small_integer();
  return Confirmation{text_at(parts, 1), text_at(parts, 2),
                      Milliseconds{left == nullptr ? 0 : *left}, false};
}

Term AgentVerbs::begin_probe(const ProbeFunction& function, Milliseconds patience) {
  return agent_.ask(
      tagged("probe", Term(function.module), Term(function.function), Term(patience.count())),
      quick);
}

AgentVerbs::ProbeAnswer AgentVerbs::probe_answer(const Term& probe) {
  const Term answer = agent_.ask(tagged("probe_outcome", probe, Term(one_wait.count())), quick);
  if (answer.is_atom("running")) return {true, std::nullopt};
  if (answer.is_atom("holds")) return {};
  if (!answer.is_tagged("fails", 2) && !answer.is_tagged("lost", 2))
    return {false, "the node does not tell"};
  return {false, text_at(*answer.as_tuple(), 1)};
}

}  // namespace relup::live
