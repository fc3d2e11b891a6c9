// SPDX-License-Identifier: Apache-2.0
#include "beam/code/function_identity.hpp"

#include <map>
#include <utility>

#include "base/digest.hpp"
#include "beam/code/code_reader.hpp"
#include "beam/code/function_entries.hpp"
#include "beam/code/function_set.hpp"
#include "beam/code/module_code.hpp"
#include "beam/file/literal_table.hpp"
#include "term/printer.hpp"

namespace relup::beam {
namespace {

using Name = std::pair<Atom, unsigned>;

constexpr std::size_t longest_literal = 200;  // printed

// Which operand of an instruction is a number in the table of imports.
std::optional<std::size_t> operand_of_import(Opcode opcode) {
  switch (opcode) {
    case Opcode::bif0:
      return 0;
    case Opcode::call_ext:
    case Opcode::call_ext_last:
    case Opcode::call_ext_only:
    case Opcode::bif1:
    case Opcode::bif2:
      return 1;
    case Opcode::gc_bif1:
    case Opcode::gc_bif2:
    case Opcode::gc_bif3:
      return 2;
    default:
      return std::nullopt;
  }
}

// The instructions of every function as text.
class CodeText {
 public:
  explicit CodeText(const BeamFile& file)
      : file_(file),
        atoms_(file.atoms()),
        imports_(file.imports()),
        literals_(file),
        entries_(function_entries(file)) {}

  std::map<Name, std::string> of(const std::vector<bool>& wanted, const ModuleCode& code) {
    CodeReader reader(file_);
    std::map<Name, std::string> texts;
    std::size_t next_function = 0;
    std::string* text = nullptr;
    while (const auto step = reader.next()) {
      if (step->opcode == Opcode::func_info) {
        labels_.clear();
        pending_.clear();
        const bool is_wanted = next_function < wanted.size() && wanted[next_function];
        const FunctionCode* function = is_wanted ? &code.functions[next_function] : nullptr;
        text = function == nullptr ? nullptr : &texts[{function->name, function->arity}];
        ++next_function;
      }
      if (text != nullptr) add(*step, *text);
    }
    return texts;
  }

 private:
  void add(const CodeInstruction& step, std::string& text) {
    // Where a line stands in the source is not what it does.
    const bool is_line = step.opcode == Opcode::line || step.opcode == Opcode::executable_line ||
                         step.opcode == Opcode::debug_line;
    if (is_line || step.opcode == Opcode::int_code_end) return;
    if (step.opcode == Opcode::label) {
      pending_ += label_text(step.operands[0].value) + ":\n";
      return;
    }
    text += std::exchange(pending_, "");
    text += std::to_string(static_cast<unsigned>(step.opcode));
    const bool makes_fun = step.opcode == Opcode::make_fun2 || step.opcode == Opcode::make_fun3;
    const auto import = operand_of_import(step.opcode);
    for (std::size_t i = 0; i < step.operands.size(); ++i) {
      if (makes_fun && i == 0) continue;  // its function is compared itself
      text += ' ';
      text += import == i ? import_text(step.operands[i]) : operand_text(step.operands[i]);
    }
    text += '\n';
  }

  std::string import_text(const Operand& operand) const {
    const auto number = static_cast<std::size_t>(operand.value);
    if (number >= imports_.size()) return operand_number(operand);
    const Import& import = imports_[number];
    return print_function(import.module.name(), import.function.name(), import.arity);
  }

  std::string operand_text(const Operand& operand) {
    const auto number = static_cast<std::size_t>(operand.value);
    switch (operand.kind) {
      case Operand::Kind::atom:
        if (number == 0 || number > atoms_.size()) return "[]";
        return print_atom(atoms_[number - 1].name());
      case Operand::Kind::literal:
        return literal_text(number);
      case Operand::Kind::label:
        if (number == 0) return "-";
        return label_text(operand.value);
      case Operand::Kind::list: {
        std::string text = "(";
        for (const Operand& element : operand.elements)
          text += operand_text(element) + " ";
        return text + ")";
      }
      default:
        return operand_number(operand);
    }
  }

  // Many instructions may name one large literal: all but short ones stand for themselves by their
  // digest.
  const std::string& literal_text(std::size_t number) {
    const auto [known, is_new] = literal_texts_.try_emplace(number);
    if (is_new) {
      std::string text = print(literals_.at(number));
      known->second = text.size() > longest_literal ? sha256_hex(text) : std::move(text);
    }
    return known->second;
  }

  // The function that begins there, or a place in this one.
  std::string label_text(std::int64_t label) {
    const auto entry = entries_.find(label);
    if (entry == entries_.end()) {
      return "L" + std::to_string(labels_.emplace(label, labels_.size()).first->second);
    }
    return print_atom(entry->second.name.name()) + "/" + std::to_string(entry->second.arity);
  }

  static std::string operand_number(const Operand& operand) {
    return std::to_string(static_cast<unsigned>(operand.kind)) + ":" +
           std::to_string(operand.value);
  }

  const BeamFile& file_;
  std::vector<Atom> atoms_;
  std::vector<Import> imports_;
  LiteralTable literals_;
  std::map<std::size_t, std::string> literal_texts_;
  FunctionEntries entries_;
  std::string pending_;  // labels that belong to the next function, if that begins there
  std::map<std::int64_t, std::size_t> labels_;  // in the order in which the function names them
};

FunctionEdges edges_of(const ModuleCode& code) {
  FunctionEdges edges(code.functions.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    for (const CodeStep& step : code.functions[i].steps) {
      if (step.kind == CodeStep::Kind::local_call) edges[i].push_back(step.called);
    }
    for (const MadeFun& fun : code.functions[i].funs)
      edges[i].push_back(fun.function);
  }
  return edges;
}

}  // namespace

std::string function_identity(const BeamFile& file, std::string_view function, unsigned arity) {
  const ModuleCode code = read_module_code(file);
  for (std::size_t i = 0; i < code.functions.size(); ++i) {
    if (!(code.functions[i].name == function) || code.functions[i].arity != arity) continue;
    FunctionSet reached = reached_from({i}, edges_of(code));
    reached[i] = true;
    std::string whole;
    for (const auto& [name, text] : CodeText(file).of(reached, code))
      whole += name.first.name() + "/" + std::to_string(name.second) + "\n" + text;
    return whole;
  }
  return "";
}

}  // namespace relup::beam
