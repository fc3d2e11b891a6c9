// SPDX-License-Identifier: Apache-2.0
#include "lint/appup_view.hpp"

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

InstructionView view_instruction(const Term& term, const Term& full_form) {
  auto read = appup::read_instruction(full_form);
  auto* action = std::get_if<Action>(&read);
  return {term, action == nullptr ? std::nullopt : std::optional(std::move(*action))};
}

// Lists inside the list are spliced in as systools does it: without their short forms.
std::vector<InstructionView> read_instructions(const Term& list) {
  std::vector<InstructionView> views;
  if (!list.is_proper_list()) return views;
  for (const Term& term : *list.as_list()) {
    if (term.as_list() == nullptr) {
      views.push_back(view_instruction(term, appup::expand_short_form(term)));
      continue;
    }
    for (const Term& inner : *term.as_list())
      views.push_back(
          view_instruction(inner.span() == Span{} ? inner.at(term.span()) : inner, inner));
  }
  return views;
}

void read_entries(const Term& list, Direction direction, std::vector<EntryView>& entries) {
  if (!list.is_proper_list()) return;
  for (const Term& term : *list.as_list()) {
    const Term::Elements* pair = term.as_tuple();
    if (pair == nullptr || pair->size() != 2) continue;
    entries.push_back(
        {direction, pair->front(), pair->back(), read_instructions(pair->back()), term.span()});
  }
}

}  // namespace

bool EntryView::restarts() const {
  return std::any_of(instructions.begin(), instructions.end(), [](const InstructionView& each) {
    return each.action && appup::is_restart(*each.action);
  });
}

const EntryView* AppupView::find(Direction direction, const std::string& version) const {
  const auto found = appup::find_entry(list_of(*this, direction), version);
  const Term* instructions = std::get_if<Term>(&found);
  if (instructions == nullptr) return nullptr;
  for (const EntryView& entry : entries) {
    if (entry.direction == direction && entry.list.span() == instructions->span()) return &entry;
  }
  return nullptr;
}

AppupView view_appup(const appup::Appup& appup, std::vector<Span> comments) {
  AppupView view{appup::application_of(appup.source->name()),
                 appup.source,
                 appup,
                 std::move(comments),
                 {},
                 {},
                 {}};
  read_entries(appup.up, Direction::up, view.entries);
  read_entries(appup.down, Direction::down, view.entries);
  return view;
}

const Term& list_of(const AppupView& appup, Direction direction) {
  return direction == Direction::up ? appup.appup.up : appup.appup.down;
}

const std::vector<Atom>* dep_mods_of(const Action& action) {
  const auto visit = [](const auto& each) -> const std::vector<Atom>* {
    if constexpr (requires { each.dep_mods; }) return &each.dep_mods;
    return nullptr;
  };
  return std::visit(visit, action);
}

bool names(const EntryView& entry, Atom module) {
  return std::any_of(entry.instructions.begin(), entry.instructions.end(),
                     [module](const InstructionView& instruction) {
                       const Atom* named =
                           instruction.action ? module_of(*instruction.action) : nullptr;
                       return named != nullptr && *named == module;
                     });
}

bool is_depended_on(const std::vector<const EntryView*>& entries, Direction direction,
                    Atom module) {
  const auto ties = [module](const InstructionView& instruction) {
    const auto* names = instruction.action ? dep_mods_of(*instruction.action) : nullptr;
    return names != nullptr && std::find(names->begin(), names->end(), module) != names->end();
  };
  return std::any_of(entries.begin(), entries.end(), [&](const EntryView* entry) {
    return entry->direction == direction &&
           std::any_of(entry->instructions.begin(), entry->instructions.end(), ties);
  });
}

std::string describe(const EntryView& entry) {
  return (entry.direction == Direction::up ? "up from " : "down to ") + print(entry.version);
}

}  // namespace relup::lint
