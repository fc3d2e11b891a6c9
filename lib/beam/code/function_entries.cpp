// SPDX-License-Identifier: Apache-2.0
#include "beam/code/function_entries.hpp"

#include "beam/code/code_reader.hpp"

namespace relup::beam {
namespace {

// func_info Module Name Arity
std::optional<Function> function_in(const CodeInstruction& step, const std::vector<Atom>& atoms) {
  const Operand& name = step.operands[1];
  const bool is_named = name.kind == Operand::Kind::atom && name.value > 0 &&
                        std::cmp_less_equal(name.value, atoms.size());
  if (!is_named) return std::nullopt;
  return Function{atoms[static_cast<std::size_t>(name.value) - 1],
                  static_cast<unsigned>(step.operands[2].value), 0};
}

}  // namespace

FunctionEntries function_entries(const BeamFile& file) {
  const std::vector<Atom> atoms = file.atoms();
  FunctionEntries entries;
  std::optional<Function> begun;
  CodeReader code(file);
  while (const auto step = code.next()) {
    if (step->opcode == Opcode::func_info) begun = function_in(*step, atoms);
    if (step->opcode != Opcode::label || !begun) continue;
    begun->label = static_cast<unsigned>(step->operands[0].value);
    entries.emplace(begun->label, *begun);
    begun.reset();
  }
  return entries;
}

}  // namespace relup::beam
