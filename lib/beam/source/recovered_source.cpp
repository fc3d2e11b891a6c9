// SPDX-License-Identifier: Apache-2.0
//
// A function without a choice is followed with expressions for the values: every register holds
// what was moved or built into it, or what a call answered. A test whose failure ends in an
// exception is no choice: whoever returns has passed it. At the `return` x0 is the answer; a tail
// call is the answer itself.
//
// A value that stands in two others is copied into both, so that a few instructions could describe
// more than fits into memory. Values have a size for that reason, and too large a one is not
// followed; nor is a function where all before it have come to too much together.

#include "beam/source/recovered_source.hpp"

#include <algorithm>
#include <set>

#include "beam/code/code_reader.hpp"
#include "beam/code/function_entries.hpp"
#include "beam/file/literal_table.hpp"
#include "beam/source/abstract_code.hpp"

namespace relup::beam {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t largest_value = 20'000;    // expressions
constexpr std::size_t largest_module = 200'000;  // in all functions

struct Value {
  Expression expression = {};
  std::size_t size = 1;
};

Value value_of(const Term& term);

Value value_of(const Term::Elements& elements, Kind kind) {
  Value value{make_expression(kind, {}), 1};
  for (const Term& element : elements) {
    Value part = value_of(element);
    value.size += part.size;
    value.expression.parts.push_back(std::move(part.expression));
  }
  return value;
}

Value value_of(const Term& term) {
  if (const Term::Elements* elements = term.as_tuple()) return value_of(*elements, Kind::tuple);
  if (term.is_proper_list()) return value_of(*term.as_list(), Kind::list);
  const Term::Pairs* pairs = term.as_map();
  if (pairs == nullptr) return {make_literal(term, {}), 1};
  Term::Elements keys_and_values;
  Value value;
  for (const auto& [key, of_key] : *pairs) {
    keys_and_values.push_back(key);
    keys_and_values.push_back(of_key);
    value.expression.fields.push_back(name_of(key));
  }
  Value parts = value_of(keys_and_values, Kind::map);
  parts.expression.fields = std::move(value.expression.fields);
  return parts;
}

bool is_line(Opcode opcode) {
  return opcode == Opcode::line || opcode == Opcode::executable_line ||
         opcode == Opcode::debug_line;
}

bool is_exception(Opcode opcode) {
  return opcode == Opcode::func_info || opcode == Opcode::badmatch || opcode == Opcode::case_end ||
         opcode == Opcode::if_end;
}

// The labels before instructions that raise an exception.
std::set<std::int64_t> find_exceptions(const BeamFile& file) {
  std::set<std::int64_t> found;
  std::vector<std::int64_t> labels;  // since the last instruction
  CodeReader code(file);
  while (const auto step = code.next()) {
    if (step->opcode == Opcode::label) labels.push_back(step->operands[0].value);
    if (step->opcode == Opcode::label || is_line(step->opcode)) continue;
    if (is_exception(step->opcode)) found.insert(labels.begin(), labels.end());
    labels.clear();
  }
  return found;
}

// What the instructions of a file name by number.
struct Tables {
  explicit Tables(const BeamFile& file)
      : atoms(file.atoms()),
        imports(file.imports()),
        literals(file),
        entries(function_entries(file)),
        exceptions(find_exceptions(file)) {}

  std::vector<Atom> atoms;
  std::vector<Import> imports;
  LiteralTable literals;
  FunctionEntries entries;
  std::set<std::int64_t> exceptions;  // labels
};

class StraightLine {
 public:
  explicit StraightLine(Tables& tables) : tables_(tables) {}

  enum class Next { follow, answered, lost, too_large };

  // Takes the next instruction.
  Next follow(const CodeInstruction& step) {
    switch (step.opcode) {
      case Opcode::return_from:
        return answer(read({Operand::Kind::x, 0, {}}));
      case Opcode::call:
      case Opcode::call_ext:
        call(step);
        break;
      case Opcode::call_last:
      case Opcode::call_only:
      case Opcode::call_ext_last:
      case Opcode::call_ext_only:
        call(step);
        return answer(read({Operand::Kind::x, 0, {}}));
      default:
        if (!moves(step) && !builds(step) && !passes(step)) return Next::lost;
    }
    return size_ > largest_value ? Next::too_large : Next::follow;
  }

  // The calls in their order, and then what the function returns.
  Expression body() { return std::move(body_); }
  std::size_t size() const { return size_; }

 private:
  using Registers = std::map<std::int64_t, Value>;

  Next answer(Value value) {
    size_ += value.size;
    body_.kind = Kind::sequence;
    body_.parts.push_back(std::move(value.expression));
    return Next::answered;
  }

  bool moves(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    switch (step.opcode) {
      case Opcode::move:
        store(operands[1], read(operands[0]));
        return true;
      case Opcode::swap: {
        Value first = read(operands[0]);
        store(operands[0], read(operands[1]));
        store(operands[1], std::move(first));
        return true;
      }
      case Opcode::trim:
        trim(operands[0].value);
        return true;
      case Opcode::allocate:
      case Opcode::allocate_heap:
      case Opcode::deallocate:
      case Opcode::init_yregs:
      case Opcode::test_heap:
      case Opcode::label:
      case Opcode::line:
      case Opcode::executable_line:
      case Opcode::debug_line:
        return true;
      default:
        return false;
    }
  }

  bool builds(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    switch (step.opcode) {
      case Opcode::put_list:
        store(operands[2], cons(read(operands[0]), read(operands[1])));
        return true;
      case Opcode::put_tuple2:
        store(operands[0], composite(Kind::tuple, operands[1].elements));
        return true;
      case Opcode::put_map_assoc:
        store(operands[2], map(read(operands[1]), operands[4].elements));
        return true;
      case Opcode::make_fun3:
        store(operands[1], {});
        return true;
      default:
        return false;
    }
  }

  // What goes on only where it succeeds, and leaves at most a value that is not seen through.
  bool passes(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    switch (step.opcode) {
      case Opcode::get_list:
        store(operands[1], {});
        store(operands[2], {});
        return true;
      case Opcode::bif0:
      case Opcode::get_tuple_element:
      case Opcode::get_hd:
      case Opcode::get_tl:
        store(operands.back(), {});
        return true;
      case Opcode::bif1:
      case Opcode::bif2:
      case Opcode::gc_bif1:
      case Opcode::gc_bif2:
      case Opcode::gc_bif3:
        store(operands.back(), {});
        return fails_by_exception(operands[0]);
      default:
        return is_test(step.opcode) && fails_by_exception(operands[0]);
    }
  }

  static bool is_test(Opcode opcode) {
    switch (opcode) {
      case Opcode::is_function:
      case Opcode::is_boolean:
      case Opcode::is_function2:
      case Opcode::is_bitstr:
      case Opcode::is_map:
      case Opcode::has_map_fields:
      case Opcode::is_tagged_tuple:
        return true;
      default:
        return opcode >= Opcode::is_lt && opcode <= Opcode::test_arity;
    }
  }

  bool fails_by_exception(const Operand& label) const {
    return label.value == 0 || tables_.exceptions.contains(label.value);
  }

  // Of a call only its answer is known after it; what it takes is in the x registers.
  void call(const CodeInstruction& step) {
    Value called = called_at(step);
    for (std::int64_t i = 0; i < step.operands[0].value && !is_too_large(called); ++i)
      add_part(called, read({Operand::Kind::x, i, {}}));
    body_.parts.push_back(called.expression);
    size_ += called.size;
    x_.clear();
    x_[0] = std::move(called);
  }

  Value called_at(const CodeInstruction& step) const {
    Value called{make_expression(Kind::call, {}), 1};
    const std::int64_t place = step.operands[1].value;
    if (step.operands[1].kind == Operand::Kind::label) {
      const auto entry = tables_.entries.find(place);
      if (entry != tables_.entries.end()) called.expression.name = entry->second.name.name();
    } else if (place >= 0 && std::cmp_less(place, tables_.imports.size())) {
      const Import& import = tables_.imports[static_cast<std::size_t>(place)];
      called.expression.module = import.module.name();
      called.expression.name = import.function.name();
    }
    return called;
  }

  // Before what is no list to be seen it is a list of one and `++`.
  static Value cons(Value head, Value tail) {
    if (tail.expression.kind == Kind::list) {
      tail.expression.parts.insert(tail.expression.parts.begin(), std::move(head.expression));
      tail.size += head.size;
      return tail;
    }
    Value list{make_expression(Kind::list, {}), 1};
    add_part(list, std::move(head));
    Value sum{make_expression(Kind::call, {}), 1};
    sum.expression.module = "erlang";
    sum.expression.name = "++";
    add_part(sum, std::move(list));
    add_part(sum, std::move(tail));
    return sum;
  }

  Value composite(Kind kind, const std::vector<Operand>& operands) {
    Value value{make_expression(kind, {}), 1};
    for (std::size_t i = 0; i < operands.size() && !is_too_large(value); ++i)
      add_part(value, read(operands[i]));
    return value;
  }

  // `source` with more keys. Where they are no atoms, or it has them, nothing is known of it.
  Value map(Value source, const std::vector<Operand>& keys_and_values) {
    Expression& map = source.expression;
    if (map.kind != Kind::map) return {};
    for (std::size_t i = 0; i + 1 < keys_and_values.size() && !is_too_large(source); i += 2) {
      Value key = read(keys_and_values[i]);
      const std::string name = name_of(key.expression.value);
      const bool is_known =
          std::find(map.fields.begin(), map.fields.end(), name) != map.fields.end();
      if (name.empty() || is_known) return {};
      map.fields.push_back(name);
      add_part(source, std::move(key));
      add_part(source, read(keys_and_values[i + 1]));
    }
    return source;
  }

  static bool is_too_large(const Value& value) { return value.size > largest_value; }

  static void add_part(Value& whole, Value part) {
    whole.size += part.size;
    whole.expression.parts.push_back(std::move(part.expression));
  }

  Value read(const Operand& operand) {
    const auto number = static_cast<std::size_t>(operand.value);
    switch (operand.kind) {
      case Operand::Kind::x:
        return x_[operand.value];
      case Operand::Kind::y:
        return y_[operand.value];
      case Operand::Kind::atom:
        if (operand.value == 0) return {make_expression(Kind::list, {}), 1};
        if (number > tables_.atoms.size()) return {};
        return {make_literal(Term(tables_.atoms[number - 1]), {}), 1};
      case Operand::Kind::integer:
        return {make_literal(Term(operand.value), {}), 1};
      case Operand::Kind::literal:
        return value_of(tables_.literals.at(number));
      default:
        return {};
    }
  }

  void store(const Operand& target, Value value) {
    size_ += value.size;
    const bool is_x = target.kind == Operand::Kind::x;
    if (!is_x && target.kind != Operand::Kind::y) return;
    (is_x ? x_ : y_)[target.value] = std::move(value);
  }

  // Takes the first `count` of the y registers away, so that the others move down.
  void trim(std::int64_t count) {
    Registers left;
    for (auto& [number, value] : y_) {
      if (number >= count) left.emplace(number - count, std::move(value));
    }
    y_ = std::move(left);
  }

  Tables& tables_;
  Registers x_;
  Registers y_;
  Expression body_;
  std::size_t size_ = 0;  // of all that was stored
};

// The function that begins with `step`, which at the end is the last one looked at; none where it
// is not followed. Charges `room` with what it keeps.
std::optional<SourceFunction> follow(CodeReader& code, std::optional<CodeInstruction>& step,
                                     Tables& tables, std::size_t& room) {
  using Next = StraightLine::Next;
  StraightLine line(tables);
  Next next = Next::lost;
  for (; step; step = code.next()) {
    next = line.follow(*step);
    if (next != Next::follow) break;
  }
  SourceFunction function;
  if (next == Next::too_large) function.extent = Extent::nothing;
  if (next == Next::answered) {
    room -= std::min(room, line.size());
    function.clauses.push_back({{}, line.body(), false});
  }
  const bool is_known = next == Next::too_large || next == Next::answered;
  return is_known ? std::optional(std::move(function)) : std::nullopt;
}

}  // namespace

SourceCode recover_source(const BeamFile& file) {
  Tables tables(file);
  std::map<SourceCode::Name, SourceFunction> functions;
  std::size_t room = largest_module;
  CodeReader code(file);
  std::optional<CodeInstruction> step = code.next();
  while (step && room > 0) {
    const bool is_label = step->opcode == Opcode::label;
    const auto entry =
        is_label ? tables.entries.find(step->operands[0].value) : tables.entries.end();
    step = code.next();
    if (entry == tables.entries.end()) continue;
    auto function = follow(code, step, tables, room);
    if (!function) continue;
    function->name = entry->second.name.name();
    function->arity = entry->second.arity;
    functions.emplace(SourceCode::Name(function->name, function->arity), std::move(*function));
  }
  return {std::move(functions), room > 0 ? Extent::whole : Extent::part};
}

}  // namespace relup::beam
