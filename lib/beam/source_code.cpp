// SPDX-License-Identifier: Apache-2.0
#include "beam/source_code.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "beam/abstract_code.hpp"
#include "term/external.hpp"

namespace relup::beam {
namespace {

// Abstract code nests deeply where the source has long lists, for each element lies in the one
// before.
constexpr ExternalLimits debug_info_limits{.depth = 4000};

std::optional<Term> read_debug_info(const BeamFile& file) {
  const Chunk* chunk = file.find("Dbgi");
  if (chunk == nullptr || chunk->size == 0) return std::nullopt;
  try {
    return decode_external(file.data(*chunk), debug_info_limits);
  } catch (const Error&) {
    return std::nullopt;  // encrypted, or of a backend that we do not know
  }
}

}  // namespace

bool Expression::is_atom(std::string_view atom) const {
  return kind == Kind::literal && value.is_atom(atom);
}

const SourceFunction* SourceCode::find(std::string_view name, unsigned arity) const {
  const auto found = std::find_if(functions.begin(), functions.end(), [&](const auto& function) {
    return function.name == name && function.arity == arity;
  });
  return found == functions.end() ? nullptr : &*found;
}

std::optional<SourceCode> read_source_code(const BeamFile& file) {
  const std::optional<Term> info = read_debug_info(file);
  const Term::Elements* parts = info ? tuple_of(*info, 3) : nullptr;
  if (parts == nullptr || !(*parts)[0].is_atom("debug_info_v1")) return std::nullopt;
  if ((*parts)[1].is_atom("erl_abstract_code")) {
    const Term::Elements* code = tuple_of((*parts)[2], 2);
    if (code == nullptr || !(*code)[0].is_proper_list()) return std::nullopt;
    return from_erlang_forms((*code)[0]);
  }
  const Term::Elements* elixir = tuple_of((*parts)[2], 3);
  if (elixir == nullptr || !(*elixir)[0].is_atom("elixir_v1")) return std::nullopt;
  return from_elixir_definitions((*elixir)[1]);
}

bool mentions(const Term& term, Atom name) {
  const auto any = [name](const Term::Elements& elements) {
    return std::any_of(elements.begin(), elements.end(),
                       [name](const Term& element) { return mentions(element, name); });
  };
  if (const Atom* atom = term.as_atom()) return *atom == name;
  if (const Term::Elements* elements = term.as_tuple()) return any(*elements);
  if (const Term::Pairs* pairs = term.as_map()) {
    return std::any_of(pairs->begin(), pairs->end(), [name](const auto& pair) {
      return mentions(pair.first, name) || mentions(pair.second, name);
    });
  }
  const Term::Elements* elements = term.as_list();
  return elements != nullptr &&
         (any(*elements) || (term.tail() != nullptr && mentions(*term.tail(), name)));
}

const Term::Elements* tuple_of(const Term& form, std::size_t size) {
  const Term::Elements* elements = form.as_tuple();
  return elements != nullptr && elements->size() == size ? elements : nullptr;
}

const Term* map_value(const Term& map, std::string_view key) {
  if (map.as_map() == nullptr) return nullptr;
  for (const auto& [name, value] : *map.as_map()) {
    if (name.is_atom(key)) return &value;
  }
  return nullptr;
}

const Term::Elements& elements_of(const Term& list) {
  static const Term::Elements none;
  return list.is_proper_list() ? *list.as_list() : none;
}

std::string name_of(const Term& atom) {
  return atom.as_atom() == nullptr ? "" : atom.as_atom()->name();
}

Expression make_expression(Expression::Kind kind, const Term& form) {
  Expression expression;
  expression.kind = kind;
  expression.form = form;
  return expression;
}

Expression make_literal(const Term& value, const Term& form) {
  Expression expression = make_expression(Expression::Kind::literal, form);
  expression.value = value;
  return expression;
}

Expression make_variable(const Term& name, const Term& form) {
  Expression expression = make_expression(Expression::Kind::variable, form);
  expression.name = name_of(name);
  return expression;
}

std::vector<Expression> read_each(const Term& list, Expression (*read)(const Term&)) {
  std::vector<Expression> parts;
  for (const Term& element : elements_of(list))
    parts.push_back(read(element));
  return parts;
}

}  // namespace relup::beam
