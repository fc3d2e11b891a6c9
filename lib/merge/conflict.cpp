// SPDX-License-Identifier: Apache-2.0
#include "merge/conflict.hpp"

#include "term/printer.hpp"

namespace relup::merge {
namespace {

std::string entry_name(const ConflictPlace& place) {
  const bool is_up = place.direction == appup::Direction::up;
  return (is_up ? "the upgrade from " : "the downgrade to ") + place.version;
}

Diagnostic make_conflict(const ConflictPlace& place, std::string message) {
  Diagnostic conflict;
  conflict.rule = "appup-conflict";
  conflict.message = std::move(message);
  conflict.file = place.source->name();
  conflict.source = place.source;
  conflict.span = place.span;
  return conflict;
}

std::string keep_comment(const Term& what) {
  return "`%% relup:keep " + print(what) + "`";
}

}  // namespace

Diagnostic instruction_conflict(const ConflictPlace& place, const Atom& module,
                                const ConflictSides& sides) {
  const std::string what = module.name() + " in " + entry_name(place);
  const std::string too = ", and what relup would write for it has changed too";
  const std::string message =
      !sides.users   ? "there is no instruction any more for " + what + too
      : sides.is_new ? "an instruction was added for " + what + ", and relup would add another one"
                     : "the instruction for " + what + " was edited" + too;
  const auto text = [](const std::optional<Term>& instruction) {
    return instruction ? appup::one_line_text(*instruction) : "nothing for it";
  };
  Diagnostic conflict = make_conflict(place, message);
  conflict.notes = {"the file has " + text(sides.users), "relup would write " + text(sides.now),
                    std::string(sides.now ? "write that" : "remove it") + ", or put " +
                        keep_comment(Term(module)) + " on a line of this entry to " +
                        (sides.users ? "keep what the file has" : "leave it out")};
  return conflict;
}

Diagnostic entry_conflict(const ConflictPlace& place, const appup::VersionScript& now) {
  Diagnostic conflict = make_conflict(
      place, entry_name(place) + " was removed, and what relup would write for it has changed too");
  Term::Elements instructions;
  for (const appup::Action& action : now.instructions)
    instructions.push_back(appup::to_term(action));
  const Term version = Term::string(now.version);
  conflict.notes = {
      "the file has nothing for it",
      "relup would write " +
          appup::one_line_text(Term::tuple({version, Term::list(std::move(instructions))})),
      "write that, or put " + keep_comment(version) + " on a line of this list to leave it out"};
  return conflict;
}

}  // namespace relup::merge
