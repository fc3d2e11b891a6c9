// SPDX-License-Identifier: Apache-2.0
#include "lint/parsed_appup.hpp"

#include <algorithm>

#include "appup/appup_name.hpp"
#include "appup/short_forms.hpp"
#include "appup/version_match.hpp"
#include "base/file_system.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using appup::Action;
using appup::Direction;

ParsedInstruction parse_instruction(const Term& term, const Term& full_form) {
  auto read = appup::read_instruction(full_form);
  auto* action = std::get_if<Action>(&read);
  return {term, action == nullptr ? std::nullopt : std::optional(std::move(*action))};
}

// The elements of a list inside the list count as instructions, but systools does not expand short
// forms there.
std::vector<ParsedInstruction> parse_instructions(const Term& list) {
  std::vector<ParsedInstruction> instructions;
  if (!list.is_proper_list()) return instructions;
  for (const Term& term : *list.as_list()) {
    if (term.as_list() == nullptr) {
      instructions.push_back(parse_instruction(term, appup::expand_short_form(term)));
      continue;
    }
    for (const Term& inner : *term.as_list())
      instructions.push_back(
          parse_instruction(inner.span() == Span{} ? inner.at(term.span()) : inner, inner));
  }
  return instructions;
}

void parse_entries(const Term& list, Direction direction, std::vector<ParsedEntry>& entries) {
  if (!list.is_proper_list()) return;
  for (const Term& term : *list.as_list()) {
    const Term::Elements* pair = term.as_tuple();
    if (pair == nullptr || pair->size() != 2) continue;
    entries.push_back(
        {direction, pair->front(), pair->back(), parse_instructions(pair->back()), term.span()});
  }
}

}  // namespace

bool ParsedEntry::restarts() const {
  return std::any_of(instructions.begin(), instructions.end(), [](const ParsedInstruction& each) {
    return each.action && appup::is_restart(*each.action);
  });
}

const ParsedEntry* ParsedAppup::find(Direction direction, const std::string& version) const {
  const auto found = appup::find_entry(list_of(*this, direction), version);
  const Term* instructions = std::get_if<Term>(&found);
  if (instructions == nullptr) return nullptr;
  for (const ParsedEntry& entry : entries) {
    if (entry.direction == direction && entry.list.span() == instructions->span()) return &entry;
  }
  return nullptr;
}

ParsedAppup parse_appup(const appup::Appup& appup, std::vector<Span> comments) {
  ParsedAppup parsed{appup::application_of(appup.source->name()),
                     appup.source,
                     appup,
                     std::move(comments),
                     {},
                     {},
                     {}};
  parse_entries(appup.up, Direction::up, parsed.entries);
  parse_entries(appup.down, Direction::down, parsed.entries);
  return parsed;
}

const Term& list_of(const ParsedAppup& appup, Direction direction) {
  return direction == Direction::up ? appup.appup.up : appup.appup.down;
}

const std::vector<Atom>* dep_mods_of(const Action& action) {
  const auto visit = [](const auto& each) -> const std::vector<Atom>* {
    if constexpr (requires { each.dep_mods; }) return &each.dep_mods;
    return nullptr;
  };
  return std::visit(visit, action);
}

std::string describe(const ParsedEntry& entry) {
  return (entry.direction == Direction::up ? "up from " : "down to ") + print(entry.version);
}

}  // namespace relup::lint
