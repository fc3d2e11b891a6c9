// SPDX-License-Identifier: Apache-2.0
//
// A form of the abstract format is a tuple {Type, Anno, Part...}; a list in the source is a chain
// of {cons, Anno, Head, Tail}.

#include "beam/source/abstract_code.hpp"

namespace relup::beam {
namespace {

using Kind = Expression::Kind;

bool is_literal(std::string_view type) {
  return type == "atom" || type == "integer" || type == "float" || type == "char" ||
         type == "string";
}

class FormReader : public ExpressionReader<FormReader> {
 public:
  Expression read_here(const Term& form) {
    const Term::Elements* parts = form.as_tuple();
    const std::size_t size = parts == nullptr ? 0 : parts->size();
    if (size < 2) return make_expression(Kind::other, form);
    const std::string type = name_of((*parts)[0]);
    if (size == 2 && type == "nil") return make_expression(Kind::list, form);
    if (size == 3) return read_of_one(form, type, (*parts)[2]);
    if (size == 4) return read_of_two(form, type, (*parts)[2], (*parts)[3]);
    if (size == 5 && type == "op" && (*parts)[2].is_atom("++")) {
      return read_sum(form, (*parts)[3], (*parts)[4]);
    }
    // An update: {record, Anno, Record, Name, Fields}
    if (size == 5 && type == "record") return read_record(form, (*parts)[3], (*parts)[4]);
    return make_expression(Kind::other, form);
  }

  // {clause, Anno, Patterns, Guards, Body}
  std::vector<Clause> read_clauses(const Term& forms) {
    std::vector<Clause> clauses;
    for (const Term& form : elements_of(forms)) {
      const Term::Elements* parts = tuple_of(form, 5);
      if (parts == nullptr) continue;
      clauses.push_back(
          {read_each((*parts)[2]), read_sequence((*parts)[4]), !elements_of((*parts)[3]).empty()});
    }
    return clauses;
  }

 private:
  Expression read_sequence(const Term& forms) {
    std::vector<Expression> parts = read_each(forms);
    if (parts.size() == 1) return std::move(parts.front());
    Expression expression = make_expression(Kind::sequence, forms);
    expression.parts = std::move(parts);
    return expression;
  }

  Expression read_choice(const Term& form, const Term& clauses) {
    Expression expression = make_expression(Kind::choice, form);
    for (Clause& clause : read_clauses(clauses))
      expression.parts.push_back(std::move(clause.body));
    return expression;
  }

  Expression read_list(const Term& form) {
    Expression expression = make_expression(Kind::list, form);
    const Term* rest = &form;
    for (const Term::Elements* cons = tuple_of(*rest, 4);
         cons != nullptr && (*cons)[0].is_atom("cons"); cons = tuple_of(*rest, 4)) {
      expression.parts.push_back(read((*cons)[2]));
      rest = &(*cons)[3];
    }
    const Term::Elements* end = rest->as_tuple();
    const bool is_whole = end != nullptr && !end->empty() && end->front().is_atom("nil");
    if (!is_whole) expression.kind = Kind::other;
    return expression;
  }

  // Keys and values; fields of a record are {record_field, Anno, {atom, Anno, Name}, Value}.
  void read_fields(const Term& fields, Expression& expression) {
    for (const Term& field : elements_of(fields)) {
      const Term::Elements* parts = tuple_of(field, 4);
      if (parts == nullptr) continue;
      Expression key = read((*parts)[2]);
      expression.fields.push_back(key.kind == Kind::literal ? name_of(key.value) : "");
      if (expression.kind == Kind::map) expression.parts.push_back(std::move(key));
      expression.parts.push_back(read((*parts)[3]));
    }
  }

  Expression read_record(const Term& form, const Term& name, const Term& fields) {
    Expression expression = make_expression(Kind::record, form);
    expression.name = name_of(name);
    read_fields(fields, expression);
    return expression;
  }

  Expression read_call(const Term& form, const Term& function, const Term& arguments) {
    Expression expression = make_expression(Kind::call, form);
    if (const Term::Elements* remote = tuple_of(function, 4)) {
      const Expression module = read((*remote)[2]);
      expression.module = module.kind == Kind::literal ? name_of(module.value) : "";
      expression.name = name_of(read((*remote)[3]).value);
    } else {
      expression.name = name_of(read(function).value);
    }
    expression.parts = read_each(arguments);
    return expression;
  }

  // As Elixir has it: a call of erlang:'++'/2.
  Expression read_sum(const Term& form, const Term& left, const Term& right) {
    Expression expression = make_expression(Kind::call, form);
    expression.module = "erlang";
    expression.name = "++";
    expression.parts.push_back(read(left));
    expression.parts.push_back(read(right));
    return expression;
  }

  Expression read_match(const Term& form, const Term& pattern, const Term& value) {
    Expression expression = make_expression(Kind::match, form);
    expression.parts.push_back(read(pattern));
    expression.parts.push_back(read(value));
    return expression;
  }

  Expression read_map(const Term& form, const Term& fields) {
    Expression expression = make_expression(Kind::map, form);
    read_fields(fields, expression);
    return expression;
  }

  Expression read_tuple(const Term& form, const Term& elements) {
    Expression expression = make_expression(Kind::tuple, form);
    expression.parts = read_each(elements);
    return expression;
  }

  // {Type, Anno, Part}
  Expression read_of_one(const Term& form, std::string_view type, const Term& part) {
    if (is_literal(type)) return make_literal(part, form);
    if (type == "var") return make_variable(part, form);
    if (type == "tuple") return read_tuple(form, part);
    if (type == "map") return read_map(form, part);
    if (type == "block") return read_sequence(part);
    if (type == "if") return read_choice(form, part);
    return make_expression(Kind::other, form);
  }

  // {Type, Anno, Part, Part}
  Expression read_of_two(const Term& form, std::string_view type, const Term& first,
                         const Term& second) {
    if (type == "cons") return read_list(form);
    if (type == "match") return read_match(form, first, second);
    if (type == "call") return read_call(form, first, second);
    if (type == "case") return read_choice(form, second);
    if (type == "record") return read_record(form, first, second);
    return make_expression(Kind::other, form);
  }
};

}  // namespace

// A field is {record_field, Anno, Name[, Default]} or {typed_record_field, Field, Type}.
FieldNames read_record_fields(const Term& fields) {
  FieldNames names;
  for (const Term& field : elements_of(fields)) {
    const Term::Elements* typed = tuple_of(field, 3);
    const bool is_typed = typed != nullptr && (*typed)[0].is_atom("typed_record_field");
    const Term::Elements* plain = (is_typed ? (*typed)[1] : field).as_tuple();
    if (plain == nullptr || plain->size() < 3) continue;
    names.push_back(name_of(FormReader().read((*plain)[2]).value));
  }
  return names;
}

SourceFunction read_erlang_function(const Term& form) {
  const Term::Elements* parts = tuple_of(form, 5);
  const std::int64_t* arity = parts == nullptr ? nullptr : (*parts)[3].as_small_integer();
  if (arity == nullptr) return {};
  FormReader reader;
  std::vector<Clause> clauses = reader.read_clauses((*parts)[4]);
  return {name_of((*parts)[2]), static_cast<unsigned>(*arity), std::move(clauses), reader.extent()};
}

}  // namespace relup::beam
