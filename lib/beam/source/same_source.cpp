// SPDX-License-Identifier: Apache-2.0
//
// In the abstract format the second element of a node is its place in the text, a number, a pair or
// a list; nodes have three elements and more, but for `nil` and `eof`. Elixir keeps quoted
// expressions, {Name, Meta, Arguments}, in definitions {{Name, Arity}, Kind, Meta, Clauses}, with
// the place in Meta. All of these become 0, and then terms can be compared.

#include "beam/source/same_source.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "term/external.hpp"

namespace relup::beam {
namespace {

const Term no_place(std::int64_t{0});

Term without_places(const Term& term);

Term::Elements each_without_places(const Term::Elements& elements) {
  Term::Elements without;
  without.reserve(elements.size());
  for (const Term& element : elements)
    without.push_back(without_places(element));
  return without;
}

bool is_place(const Term& term) {
  return term.is_integer() || term.as_tuple() != nullptr || term.is_list();
}

// Whether a tuple is a node, whose second element is a place.
bool has_place(const Term::Elements& parts) {
  if (parts.size() < 2 || !is_place(parts[1])) return false;
  if (parts.size() == 2) return parts[0].is_atom("nil") || parts[0].is_atom("eof");
  return parts[0].as_atom() != nullptr || parts[0].as_tuple() != nullptr;
}

Term without_places(const Term& term) {
  if (const Term::Elements* parts = term.as_tuple()) {
    Term::Elements without = each_without_places(*parts);
    if (has_place(*parts)) without[1] = no_place;
    return Term::tuple(std::move(without));
  }
  if (term.is_nil() || !term.is_proper_list()) return term;
  return Term::list(each_without_places(*term.as_list()));
}

// {attribute, Anno, Name, Value} of one that is no code.
bool is_no_code(const Term& form) {
  const Term::Elements* parts = form.as_tuple();
  if (parts == nullptr || parts->size() < 2) return false;
  if ((*parts)[0].is_atom("eof")) return true;
  if (!(*parts)[0].is_atom("attribute") || parts->size() < 4) return false;
  static constexpr auto names = {"file",     "spec",        "type",
                                 "opaque",   "callback",    "optional_callbacks",
                                 "dialyzer", "export_type", "compile"};
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return (*parts)[2].is_atom(name); });
}

// {attribute, Anno, export, [{f, 1}, ...]}: what it has after its name are no nodes.
Term form_without_places(const Term& form) {
  const Term::Elements* parts = form.as_tuple();
  if (parts == nullptr || parts->size() != 4 || !(*parts)[0].is_atom("attribute")) {
    return without_places(form);
  }
  const bool is_record = (*parts)[2].is_atom("record");
  return Term::tuple(
      {(*parts)[0], no_place, (*parts)[2], is_record ? without_places((*parts)[3]) : (*parts)[3]});
}

std::optional<Term> erlang_code(const Term& forms) {
  if (!forms.is_proper_list()) return std::nullopt;
  Term::Elements code;
  for (const Term& form : *forms.as_list()) {
    if (!is_no_code(form)) code.push_back(form_without_places(form));
  }
  return Term::list(std::move(code));
}

// {{Name, Arity}, Kind, Meta, Clauses}, and of a clause {Meta, Arguments, Guards, Body}.
Term definition_without_places(const Term& definition) {
  const Term::Elements* parts = definition.as_tuple();
  if (parts == nullptr || parts->size() != 4 || !(*parts)[3].is_proper_list()) return definition;
  Term::Elements clauses;
  for (const Term& clause : *(*parts)[3].as_list()) {
    const Term::Elements* inside = clause.as_tuple();
    if (inside == nullptr || inside->size() != 4) return definition;
    clauses.push_back(Term::tuple({without_places((*inside)[1]), without_places((*inside)[2]),
                                   without_places((*inside)[3])}));
  }
  return Term::tuple({(*parts)[0], (*parts)[1], Term::list(std::move(clauses))});
}

std::optional<Term> elixir_code(const Term& map) {
  const Term::Pairs* pairs = map.as_map();
  if (pairs == nullptr) return std::nullopt;
  Term::Elements code;
  for (const auto& [key, value] : *pairs) {
    if (key.is_atom("struct")) code.push_back(value);
    if (!key.is_atom("definitions") || !value.is_proper_list()) continue;
    for (const Term& definition : *value.as_list())
      code.push_back(definition_without_places(definition));
  }
  return Term::list(std::move(code));
}

// None without debug information that is understood.
std::optional<Term> code_of(const BeamFile& file) {
  const Chunk* chunk = file.find("Dbgi");
  if (chunk == nullptr) return std::nullopt;
  const Term term = decode_external(file.data(*chunk));
  if (!term.is_tagged("debug_info_v1", 3)) return std::nullopt;
  const Term::Elements* data = (*term.as_tuple())[2].as_tuple();
  if (data == nullptr || data->empty()) return std::nullopt;
  if ((*term.as_tuple())[1].is_atom("erl_abstract_code")) return erlang_code(data->front());
  const bool is_elixir = data->size() == 3 && data->front().is_atom("elixir_v1");
  return is_elixir ? elixir_code((*data)[1]) : std::nullopt;
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
  try {
    if (compiler_of(before) == compiler_of(after)) return false;
    const auto old_code = code_of(before);
    return old_code && old_code == code_of(after);
  } catch (const Error&) {
    return false;  // damaged, or too much of it
  }
}

}  // namespace relup::beam
