// SPDX-License-Identifier: Apache-2.0
//
// In the abstract format the second element of a node is its place in the text, a number, a pair or
// a list; nodes have three elements and more, but for `nil` and `eof`. Elixir keeps quoted
// expressions, {Name, Meta, Arguments}, in definitions {{Name, Arity}, Kind, Meta, Clauses}, with
// the place in Meta. Both files are walked side by side without making terms of them, past the
// places, until something differs.

#include "beam/source/same_source.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "term/external_cursor.hpp"

namespace relup::beam {
namespace {

constexpr std::size_t first_unpacked = 32U << 10U;
constexpr std::size_t most_unpacked = 64U << 20U;
constexpr unsigned most_depth = 256;  // nested terms

// The terms that come next in both files.
struct Both {
  ExternalCursor before;
  ExternalCursor after;

  void skip() {
    before.skip();
    after.skip();
  }
  bool is_at(bool (ExternalCursor::*what)() const) const {
    return (before.*what)() && (after.*what)();
  }
};

// How many parts both terms have, as `enter` says; none where they do not have as many.
std::optional<std::uint32_t> enter(std::uint32_t (ExternalCursor::*enter)(), Both& both) {
  const std::uint32_t parts = (both.before.*enter)();
  return parts == (both.after.*enter)() ? std::optional(parts) : std::nullopt;
}

std::optional<std::uint32_t> enter_tuples(Both& both) {
  if (!both.is_at(&ExternalCursor::is_at_tuple)) return std::nullopt;
  return enter(&ExternalCursor::enter_tuple, both);
}

std::optional<std::uint32_t> enter_lists(Both& both) {
  if (!both.is_at(&ExternalCursor::is_at_list)) return std::nullopt;
  return enter(&ExternalCursor::enter_list, both);
}

enum class Places { are_skipped, count };

bool is_at_place(const ExternalCursor& cursor) {
  return cursor.is_at_integer() || cursor.is_at_tuple() || cursor.is_at_list();
}

// Whether the tuple of `size` parts that has just been entered is a node, whose second element is a
// place.
bool has_place(ExternalCursor parts, std::uint32_t size) {
  if (size < 2) return false;
  const bool is_named = parts.is_at_atom();
  if (!is_named && !parts.is_at_tuple()) return false;
  if (size == 2) {
    if (!is_named) return false;
    const std::string_view name = parts.take_atom();
    return (name == "nil" || name == "eof") && is_at_place(parts);
  }
  parts.skip();
  return is_at_place(parts);
}

// Steps over both terms. Where the answer is no, the cursors stand anywhere.
bool take_same(Both& both, Places places, unsigned depth = 0);

bool take_same_tuples(Both& both, Places places, unsigned depth) {
  const auto size = enter_tuples(both);
  if (!size) return false;
  const bool skips = places == Places::are_skipped && has_place(both.before, *size) &&
                     has_place(both.after, *size);
  for (std::uint32_t i = 0; i < *size; ++i) {
    if (skips && i == 1) {
      both.skip();
    } else if (!take_same(both, places, depth + 1)) {
      return false;
    }
  }
  return true;
}

bool take_same_lists(Both& both, Places places, unsigned depth) {
  const auto size = enter_lists(both);
  if (!size) return false;
  if (*size == 0) return true;
  for (std::uint32_t i = 0; i <= *size; ++i) {  // and the tail
    if (!take_same(both, places, depth + 1)) return false;
  }
  return true;
}

bool take_same(Both& both, Places places, unsigned depth) {
  if (depth > most_depth) return false;
  if (both.is_at(&ExternalCursor::is_at_tuple)) return take_same_tuples(both, places, depth);
  if (both.is_at(&ExternalCursor::is_at_list)) return take_same_lists(both, places, depth);
  // Newer compilers write atoms in another encoding.
  if (both.is_at(&ExternalCursor::is_at_atom))
    return both.before.take_atom() == both.after.take_atom();
  return both.before.take_bytes() == both.after.take_bytes();
}

// {attribute, Anno, Name, Value} of one that is no code.
bool is_no_code(ExternalCursor form) {
  const std::uint32_t size = form.is_at_tuple() ? form.enter_tuple() : 0;
  if (size < 2 || !form.is_at_atom()) return false;
  const std::string_view kind = form.take_atom();
  if (kind == "eof") return true;
  if (kind != "attribute" || size < 4) return false;
  form.skip();
  static constexpr auto names = {"file",     "spec",        "type",
                                 "opaque",   "callback",    "optional_callbacks",
                                 "dialyzer", "export_type", "compile"};
  const std::string_view name = form.is_at_atom() ? form.take_atom() : "";
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Of {attribute, Anno, export, [{f, 1}, ...]} what comes after the name are no nodes.
bool take_same_forms(Both& both) {
  ExternalCursor form = both.before;
  const std::uint32_t size = form.is_at_tuple() ? form.enter_tuple() : 0;
  if (size != 4 || !form.is_at_atom() || form.take_atom() != "attribute")
    return take_same(both, Places::are_skipped);
  form.skip();
  const bool is_record = form.is_at_atom() && form.take_atom() == "record";
  if (enter_tuples(both) != 4U || !take_same(both, Places::count)) return false;
  both.skip();
  return take_same(both, Places::count) &&
         take_same(both, is_record ? Places::are_skipped : Places::count);
}

// Steps to the next form that is code; false where there is none.
bool find_code(ExternalCursor& forms, std::uint32_t& left) {
  for (; left > 0; --left) {
    if (!is_no_code(forms)) return true;
    forms.skip();
  }
  return false;
}

bool is_same_erlang(Both both) {
  std::uint32_t old_left = both.before.enter_list();
  std::uint32_t new_left = both.after.enter_list();
  while (true) {
    const bool is_more = find_code(both.before, old_left);
    if (find_code(both.after, new_left) != is_more) return false;
    if (!is_more) return true;
    if (!take_same_forms(both)) return false;
    --old_left;
    --new_left;
  }
}

// {Meta, Arguments, Guards, Body}
bool take_same_clauses(Both& both) {
  if (enter_tuples(both) != 4U) return false;
  both.skip();
  for (int i = 0; i < 3; ++i) {
    if (!take_same(both, Places::are_skipped)) return false;
  }
  return true;
}

// {{Name, Arity}, Kind, Meta, Clauses}
bool take_same_definitions(Both& both) {
  if (enter_tuples(both) != 4U) return false;
  if (!take_same(both, Places::count) || !take_same(both, Places::count)) return false;
  both.skip();
  const auto clauses = enter_lists(both);
  for (std::uint32_t i = 0; i < clauses.value_or(0); ++i) {
    if (!take_same_clauses(both)) return false;
  }
  if (clauses.value_or(0) > 0) both.skip();
  return clauses.has_value();
}

// What a map with atoms as keys has under `name`.
std::optional<ExternalCursor> value_of(ExternalCursor map, std::string_view name) {
  for (std::uint32_t left = map.enter_map(); left > 0; --left) {
    const bool is_found = map.is_at_atom() && ExternalCursor(map).take_atom() == name;
    map.skip();
    if (is_found) return map;
    map.skip();
  }
  return std::nullopt;
}

bool is_same_elixir(const Both& maps) {
  const auto old_definitions = value_of(maps.before, "definitions");
  const auto new_definitions = value_of(maps.after, "definitions");
  const auto old_struct = value_of(maps.before, "struct");
  const auto new_struct = value_of(maps.after, "struct");
  if (!old_definitions || !new_definitions || old_struct.has_value() != new_struct.has_value())
    return false;
  if (old_struct) {
    Both structs{*old_struct, *new_struct};
    if (!take_same(structs, Places::count)) return false;
  }
  Both both{*old_definitions, *new_definitions};
  const auto definitions = enter_lists(both);
  for (std::uint32_t i = 0; i < definitions.value_or(0); ++i) {
    if (!take_same_definitions(both)) return false;
  }
  return definitions.has_value();
}

// {debug_info_v1, erl_abstract_code, {Forms, Options}} or
// {debug_info_v1, elixir_erl, {elixir_v1, Map, Specs}}
bool is_same_information(Both both) {
  if (enter_tuples(both) != 3U || !take_same(both, Places::count)) return false;
  const ExternalCursor backend = both.before;
  if (!take_same(both, Places::count)) return false;
  const auto parts = enter_tuples(both);
  if (ExternalCursor(backend).take_atom() == "erl_abstract_code")
    return parts.value_or(0) > 0 && both.is_at(&ExternalCursor::is_at_list) && is_same_erlang(both);
  return parts == 3U && both.before.take_atom() == "elixir_v1" &&
         both.after.take_atom() == "elixir_v1" && is_same_elixir(both);
}

// [] where the file does not say which compiler made it.
Term compiler_of(const BeamFile& file) {
  const auto info = file.compile_info();
  if (!info || !info->is_proper_list()) return Term();
  for (const Term& entry : *info->as_list()) {
    if (entry.is_tagged("version", 2)) return (*entry.as_tuple())[1];
  }
  return Term();
}

}  // namespace

bool is_same_source(const BeamFile& before, const BeamFile& after) {
  const Chunk* old_chunk = before.find("Dbgi");
  const Chunk* new_chunk = after.find("Dbgi");
  if (old_chunk == nullptr || new_chunk == nullptr) return false;
  // Most differ near their beginning, and to unpack them takes longer than to compare them.
  for (const std::size_t most : {first_unpacked, most_unpacked}) {
    try {
      if (compiler_of(before) == compiler_of(after)) return false;
      const std::string old_bytes = unpack_external(before.data(*old_chunk), most);
      const std::string new_bytes = unpack_external(after.data(*new_chunk), most);
      return is_same_information({ExternalCursor(old_bytes), ExternalCursor(new_bytes)});
    } catch (const Error&) {
      continue;  // there is more of it; in the end: damaged, or too much
    }
  }
  return false;
}

}  // namespace relup::beam
