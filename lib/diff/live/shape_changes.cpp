// SPDX-License-Identifier: Apache-2.0
#include "diff/live/shape_changes.hpp"

#include <algorithm>
#include <array>

#include "facts/kept_data.hpp"

namespace relup::diff {
namespace {

using beam::FlowNode;
using beam::TupleShape;

bool has_changed_record(const ModuleChange& change, const TupleShape& tuple) {
  const auto before = fields_of(*change.old_facts, tuple.tag, tuple.size);
  return before && before != fields_of(*change.new_facts, tuple.tag, tuple.size);
}

bool has_changed_tuple(const CodePair& pair) {
  return std::any_of(pair.old_tuples.begin(), pair.old_tuples.end(), [&](const TupleShape& each) {
    return tells_a_type(each.tag) &&
           (!pair.new_tuples.contains(each) || has_changed_record(*pair.change, each));
  });
}

bool has_changed_struct(const CodePair& pair) {
  const auto& before = pair.change->old_facts->structure;
  return before && before != pair.change->new_facts->structure;
}

bool keeps_something(const facts::ModuleFacts& facts) {
  return facts::state_position(facts) > 0 || facts::keeps_elsewhere(facts);
}

}  // namespace

bool tells_a_type(Atom tag) {
  constexpr auto common = std::to_array<std::string_view>(
      {"ok",    "error",  "undefined", "nil",      "true",       "false",         "none",
       "value", "reply",  "noreply",   "stop",     "EXIT",       "DOWN",          "timeout",
       "local", "global", "via",       "continue", "next_state", "state_timeout", "call",
       "cast",  "info",   "badmatch",  "down"});
  return std::none_of(common.begin(), common.end(), [&](auto each) { return tag == each; });
}

std::optional<beam::FieldNames> fields_of(const facts::ModuleFacts& facts, Atom tag,
                                          std::size_t size) {
  std::optional<beam::RecordDefinition> record;
  if (const beam::SourceCode* source = facts.source()) record = source->record(tag.name());
  if (!record) {
    const auto header = facts.header_records().find(tag.name());
    if (header != facts.header_records().end()) record = header->second;
  }
  if (!record || record->fields.size() + 1 != size) return std::nullopt;
  return record->fields;
}

ShapeChanges::ShapeChanges(const CodePairs& pairs)
    : pairs_(pairs),
      a_struct_changes_(std::any_of(pairs.all().begin(), pairs.all().end(), has_changed_struct)),
      is_known_(std::make_unique<std::once_flag[]>(pairs.all().size())),
      changes_(pairs.all().size()) {}

bool ShapeChanges::has_changed(std::size_t index) const {
  std::call_once(is_known_[index], [&] {
    const CodePair& pair = pairs_.all()[index];
    const bool is_elixir = pair.change->name.name().starts_with("Elixir.");
    changes_[index] = (is_elixir && a_struct_changes_) || has_changed_tuple(pair) ? 1 : 0;
  });
  return changes_[index] != 0;
}

bool ShapeChanges::may_concern(const CodePair& pair) const {
  if (!keeps_something(*pair.change->old_facts)) return false;
  std::set<const CodePair*> seen;
  std::vector<const CodePair*> open{&pair};
  while (!open.empty()) {
    const CodePair* each = open.back();
    open.pop_back();
    if (each == nullptr || !seen.insert(each).second) continue;
    if (has_changed(static_cast<std::size_t>(each - pairs_.all().data()))) return true;
    for (const beam::Import& import : each->change->old_facts->imports)
      open.push_back(pairs_.find(import.module));
  }
  return false;
}

}  // namespace relup::diff
