// SPDX-License-Identifier: Apache-2.0
//
// A function without a choice is a straight line of instructions, so it can be followed with
// symbols for the values: every x register holds an argument, an atom, a tuple of such, or
// something unknown. At the `return`, x0 is the answer. Any instruction that is not about moving
// values ends the search: then the function does something.

#include "beam/code/returned_arguments.hpp"

#include <array>
#include <optional>

#include "beam/code/code_reader.hpp"
#include "beam/file/atom_table.hpp"

namespace relup::beam {
namespace {

struct Value {
  enum class Kind : std::uint8_t { unknown, argument, atom, tuple };
  Kind kind = Kind::unknown;
  std::int64_t number = 0;  // of an argument, from 0; of an atom, its place in the atom table
  std::vector<Value> elements;
};

class StraightLine {
 public:
  explicit StraightLine(unsigned arity) {
    for (unsigned i = 0; i < arity; ++i)
      registers_[i] = {Value::Kind::argument, i, {}};
  }

  // Takes the next instruction; false when the line cannot be followed.
  bool follow(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    switch (step.opcode) {
      case Opcode::label:
      case Opcode::line:
      case Opcode::executable_line:
      case Opcode::debug_line:
      case Opcode::test_heap:
        return true;
      case Opcode::move:
        return store(operands[1], value_of(operands[0]));
      case Opcode::swap: {
        const Value first = value_of(operands[0]);
        return store(operands[0], value_of(operands[1])) && store(operands[1], first);
      }
      case Opcode::put_tuple2: {
        Value tuple{Value::Kind::tuple, 0, {}};
        for (const Operand& element : operands[1].elements)
          tuple.elements.push_back(part_of_tuple(element));
        return store(operands[0], std::move(tuple));
      }
      default:
        return false;
    }
  }

  const Value& answer() const { return registers_[0]; }

 private:
  Value value_of(const Operand& operand) const {
    if (operand.kind == Operand::Kind::atom) return {Value::Kind::atom, operand.value, {}};
    return is_register(operand) ? registers_[static_cast<std::size_t>(operand.value)] : Value();
  }
  // No tuple in a tuple: nobody asks for it, and a few instructions could nest one beyond measure.
  Value part_of_tuple(const Operand& operand) const {
    Value value = value_of(operand);
    return value.kind == Value::Kind::tuple ? Value() : value;
  }
  bool store(const Operand& target, Value value) {
    if (!is_register(target)) return false;
    registers_[static_cast<std::size_t>(target.value)] = std::move(value);
    return true;
  }
  bool is_register(const Operand& operand) const {
    return operand.kind == Operand::Kind::x && operand.value >= 0 &&
           std::cmp_less(operand.value, registers_.size());
  }

  std::array<Value, 16> registers_;
};

// The answer of the function whose code begins at `label`; none when it is not a straight line.
std::optional<Value> answer_of(const BeamFile& file, unsigned label, unsigned arity) {
  CodeReader code(file);
  std::optional<CodeInstruction> step = code.next();
  while (step && !(step->opcode == Opcode::label && step->operands[0].value == label))
    step = code.next();
  StraightLine line(arity);
  for (; step; step = code.next()) {
    if (step->opcode == Opcode::return_from) return line.answer();
    if (!line.follow(*step)) break;
  }
  return std::nullopt;
}

bool is_atom(const BeamFile& file, const Value& value, std::string_view name) {
  if (value.kind != Value::Kind::atom || value.number < 1) return false;
  const std::vector<std::string_view> names = AtomTable(file).names();
  return std::cmp_less_equal(value.number, names.size()) &&
         names[static_cast<std::size_t>(value.number) - 1] == name;
}

}  // namespace

bool returns_its_arguments(const BeamFile& file, std::string_view function, unsigned arity,
                           unsigned first, unsigned count) {
  for (const Function& exported : file.exports()) {
    if (!(exported.name == function) || exported.arity != arity) continue;
    const std::optional<Value> answer = answer_of(file, exported.label, arity);
    if (!answer || answer->kind != Value::Kind::tuple || answer->elements.size() != count + 1) {
      return false;
    }
    if (!is_atom(file, answer->elements.front(), "ok")) return false;
    for (unsigned i = 0; i < count; ++i) {
      const Value& returned = answer->elements[i + 1];
      if (returned.kind != Value::Kind::argument || returned.number != first + i) return false;
    }
    return true;
  }
  return false;
}

}  // namespace relup::beam
