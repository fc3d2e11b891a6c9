// SPDX-License-Identifier: Apache-2.0
#include "beam/source/struct_fields.hpp"

#include <algorithm>

#include "beam/code/code_reader.hpp"
#include "beam/file/literal_table.hpp"

namespace relup::beam {
namespace {

// The number of the literal that the code at `label` returns and does nothing else; none where it
// does.
std::optional<std::size_t> returned_literal(const BeamFile& file, unsigned label) {
  CodeReader code(file);
  std::optional<CodeInstruction> step = code.next();
  while (step && !(step->opcode == Opcode::label && step->operands[0].value == label))
    step = code.next();
  for (step = code.next(); step && step->opcode != Opcode::return_from; step = code.next()) {
    if (step->opcode != Opcode::move) continue;
    const Operand& source = step->operands[0];
    if (source.kind != Operand::Kind::literal || source.value < 0) return std::nullopt;
    return static_cast<std::size_t>(source.value);
  }
  return std::nullopt;
}

}  // namespace

std::optional<FieldNames> struct_fields(const BeamFile& file) {
  const std::vector<Function> exports = file.exports();
  const auto found = std::find_if(exports.begin(), exports.end(), [](const Function& function) {
    return function.name == "__struct__" && function.arity == 0;
  });
  if (found == exports.end()) return std::nullopt;
  const auto number = returned_literal(file, found->label);
  if (!number) return std::nullopt;
  const Term value = LiteralTable(file).at(*number);
  if (value.as_map() == nullptr) return std::nullopt;
  FieldNames fields;
  for (const auto& pair : *value.as_map()) {
    const Atom* name = pair.first.as_atom();
    if (name != nullptr && !(*name == "__struct__")) fields.push_back(name->name());
  }
  std::sort(fields.begin(), fields.end());
  return fields;
}

}  // namespace relup::beam
