// SPDX-License-Identifier: Apache-2.0
//
// Elixir keeps its definitions as quoted expressions, macros expanded: {Name, Meta, Arguments} is a
// call or a special form, {Name, Meta, Context} with an atom for context a variable; atoms,
// numbers, binaries, lists and pairs stand for themselves. A name may be bound again and again, so
// the Meta of a variable has a number, its `version`.

#include <algorithm>

#include "beam/source/abstract_code.hpp"

namespace relup::beam {
namespace {

using Kind = Expression::Kind;

// The pairs that `%{map | key: value}` sets, one element {'|', Meta, [Map, Pairs]}; null where
// nothing is updated.
const Term::Elements* updated_pairs(const Term::Elements& arguments) {
  const Term::Elements* bar = arguments.size() == 1 ? tuple_of(arguments.front(), 3) : nullptr;
  if (bar == nullptr || !(*bar)[0].is_atom("|") || elements_of((*bar)[2]).size() != 2) {
    return nullptr;
  }
  return &elements_of(elements_of((*bar)[2])[1]);
}

class QuotedReader : public ExpressionReader<QuotedReader> {
 public:
  Expression read_here(const Term& quoted) {
    if (quoted.is_proper_list()) return with_parts(Kind::list, quoted, quoted);
    const Term::Elements* parts = quoted.as_tuple();
    if (parts == nullptr) return make_literal(quoted, quoted);
    if (parts->size() == 2) {
      Expression pair = make_expression(Kind::tuple, quoted);
      for (const Term& part : *parts)
        pair.parts.push_back(read(part));
      return pair;
    }
    if (parts->size() != 3) return make_expression(Kind::other, quoted);
    const Term& head = (*parts)[0];
    if (head.as_atom() == nullptr) return read_remote_call(quoted, head, (*parts)[2]);
    if ((*parts)[2].as_atom() != nullptr) return read_variable(quoted, *parts);
    return read_form(quoted, name_of(head), (*parts)[2]);
  }

 private:
  Expression with_parts(Kind kind, const Term& form, const Term& parts) {
    Expression expression = make_expression(kind, form);
    expression.parts = read_each(parts);
    return expression;
  }

  void read_pairs(const Term::Elements& pairs, Expression& expression) {
    for (const Term& pair : pairs) {
      const Term::Elements* both = tuple_of(pair, 2);
      if (both == nullptr) continue;
      expression.fields.push_back(name_of((*both)[0]));
      if (expression.kind == Kind::map) expression.parts.push_back(read((*both)[0]));
      expression.parts.push_back(read((*both)[1]));
    }
  }

  Expression read_map(const Term& form, const Term::Elements& pairs) {
    if (updated_pairs(pairs) != nullptr) return make_expression(Kind::other, form);
    Expression expression = make_expression(Kind::map, form);
    read_pairs(pairs, expression);
    return expression;
  }

  // {'%', Meta, [Module, {'%{}', Meta, Pairs}]}
  Expression read_structure(const Term& form, const Term::Elements& arguments) {
    const Term::Elements* map = arguments.size() == 2 ? tuple_of(arguments[1], 3) : nullptr;
    if (map == nullptr) return make_expression(Kind::other, form);
    Expression expression = make_expression(Kind::structure, form);
    expression.name = name_of(arguments[0]);
    const Term::Elements& pairs = elements_of((*map)[2]);
    const Term::Elements* updated = updated_pairs(pairs);
    read_pairs(updated == nullptr ? pairs : *updated, expression);
    return expression;
  }

  // The value of the keyword list [{do, Clauses}], each {'->', Meta, [Patterns, Body]}.
  Expression read_choice(const Term& form, const Term::Elements& arguments) {
    Expression expression = make_expression(Kind::choice, form);
    if (arguments.empty()) return expression;
    for (const Term& branch : elements_of(arguments.back())) {
      const Term::Elements* pair = tuple_of(branch, 2);
      if (pair == nullptr) continue;
      for (const Term& clause : elements_of((*pair)[1])) {
        const Term::Elements* arrow = tuple_of(clause, 3);
        if (arrow == nullptr || elements_of((*arrow)[2]).size() != 2) continue;
        expression.parts.push_back(read(elements_of((*arrow)[2])[1]));
      }
    }
    return expression;
  }

  Expression read_form(const Term& form, const std::string& name, const Term& arguments) {
    if (name == "{}") return with_parts(Kind::tuple, form, arguments);
    if (name == "%{}") return read_map(form, elements_of(arguments));
    if (name == "%") return read_structure(form, elements_of(arguments));
    if (name == "=" && elements_of(arguments).size() == 2) {
      return with_parts(Kind::match, form, arguments);
    }
    if (name == "__block__") return with_parts(Kind::sequence, form, arguments);
    if (name == "case" || name == "cond") return read_choice(form, elements_of(arguments));
    Expression call = with_parts(Kind::call, form, arguments);
    call.name = name;
    return call;
  }

  // {{'.', Meta, [Module, Name]}, Meta, Arguments}
  Expression read_remote_call(const Term& form, const Term& target, const Term& arguments) {
    const Term::Elements* dot = tuple_of(target, 3);
    const Term::Elements* names = dot == nullptr ? nullptr : &elements_of((*dot)[2]);
    if (names == nullptr || names->size() != 2) return make_expression(Kind::other, form);
    Expression call = with_parts(Kind::call, form, arguments);
    call.module = name_of((*names)[0]);
    call.name = name_of((*names)[1]);
    return call;
  }

  // {Name, Meta, Context}
  static Expression read_variable(const Term& form, const Term::Elements& parts) {
    Expression variable = make_variable(parts[0], form);
    for (const Term& pair : elements_of(parts[1])) {
      if (!pair.is_tagged("version", 2)) continue;
      const std::int64_t* version = (*pair.as_tuple())[1].as_small_integer();
      if (version != nullptr) variable.version = *version;
    }
    return variable;
  }
};

}  // namespace

// A clause is {Meta, Patterns, Guards, Body}.
SourceFunction read_elixir_function(const Term& definition) {
  const Term::Elements* parts = tuple_of(definition, 4);
  const Term::Elements* name = parts == nullptr ? nullptr : tuple_of((*parts)[0], 2);
  const std::int64_t* arity = name == nullptr ? nullptr : (*name)[1].as_small_integer();
  if (arity == nullptr) return {};
  SourceFunction function{name_of((*name)[0]), static_cast<unsigned>(*arity), {}};
  QuotedReader reader;
  for (const Term& clause : elements_of((*parts)[3])) {
    const Term::Elements* pieces = tuple_of(clause, 4);
    if (pieces == nullptr) continue;
    function.clauses.push_back({reader.read_each((*pieces)[1]), reader.read((*pieces)[3]),
                                !elements_of((*pieces)[2]).empty()});
  }
  function.extent = reader.extent();
  return function;
}

}  // namespace relup::beam
