// SPDX-License-Identifier: Apache-2.0
//
// A function begins with `func_info`, and its body with the label after that: calls name this
// label. All other labels are places inside a function, so whatever operand is a label is a place
// where the instruction may go on, but for calls. Labels may be ahead; they are looked up when
// everything has been read.
//
// A receive is a loop over the mailbox: `loop_rec` takes the next message, and goes to its label
// when there is none. `wait` or `wait_timeout` stands there, but in a receive with `after 0`, which
// waits for nothing.
//
// What is in the argument registers is known only from `move` of an atom, and of a list its length
// from `move` and `put_list`: it is forgotten at a label, at a call, and when an instruction names
// the register.

#include "beam/code/module_code.hpp"

#include <map>

#include "beam/code/code_reader.hpp"
#include "beam/code/fun_table.hpp"
#include "beam/code/known_calls.hpp"
#include "beam/file/chunk_reader.hpp"
#include "beam/file/literal_table.hpp"

namespace relup::beam {
namespace {

using Kind = CodeStep::Kind;

constexpr std::size_t no_function = SIZE_MAX;

class ModuleCodeReader {
 public:
  explicit ModuleCodeReader(const BeamFile& file)
      : file_(file), atoms_(file.atoms()), funs_(read_funs(file)), literals_(file) {
    code_.module = file.module();
    code_.imports = file.imports();
  }

  ModuleCode read() {
    CodeReader reader(file_);
    while (const auto instruction = reader.next()) {
      take(*instruction);
      if (instruction->opcode == Opcode::int_code_end) code_.is_complete = true;
    }
    for (std::size_t i = 0; i < code_.functions.size(); ++i)
      finish(i);
    mark_exports();
    return std::move(code_);
  }

 private:
  // A list of so many elements, the last of them those of a literal.
  struct KnownList {
    unsigned front = 0;
    std::optional<std::size_t> literal = std::nullopt;
  };
  // What is known of the argument registers.
  struct Registers {
    std::array<std::optional<Atom>, 4> atoms;
    std::array<std::optional<KnownList>, 4> lists;
  };

  // What a function is known by until all labels are.
  struct Draft {
    std::vector<Opcode> opcodes;                     // of its steps
    std::vector<std::vector<std::int64_t>> targets;  // labels of its steps
    std::vector<std::int64_t> funs;                  // in FunT
  };

  void take(const CodeInstruction& instruction) {
    if (instruction.opcode == Opcode::func_info) return begin_function(instruction);
    if (instruction.opcode == Opcode::label) return take_label(instruction.operands[0].value);
    if (code_.functions.empty()) return;
    if (instruction.opcode == Opcode::move) return take_move(instruction.operands);
    if (instruction.opcode == Opcode::put_list) return take_put_list(instruction.operands);
    if (const auto step = step_of(instruction)) add(instruction, *step);
    note_fun(instruction);
    forget(instruction);
  }

  // func_info Module Name Arity
  void begin_function(const CodeInstruction& instruction) {
    const auto name = atom(instruction.operands[1]);
    if (!name) return;
    const auto arity = static_cast<unsigned>(instruction.operands[2].value);
    code_.functions.push_back({*name, arity});
    drafts_.emplace_back();
    is_at_entry_ = true;
  }

  void take_label(std::int64_t label) {
    registers_ = {};
    if (code_.functions.empty()) return;
    const std::size_t function = code_.functions.size() - 1;
    places_[label] = {function, code_.functions.back().steps.size()};
    if (is_at_entry_) entries_[label] = function;
    is_at_entry_ = false;
  }

  void take_move(const std::vector<Operand>& operands) {
    const auto target = argument_register(operands[1]);
    if (!target) return;
    registers_.lists[*target] = known_list(operands[0]);
    registers_.atoms[*target] = atom(operands[0]);
  }

  // put_list Head Tail Target
  void take_put_list(const std::vector<Operand>& operands) {
    auto list = known_list(operands[1]);
    if (list) ++list->front;
    for (const Operand& operand : operands)
      forget(operand);
    if (const auto target = argument_register(operands[2])) registers_.lists[*target] = list;
  }

  static std::optional<std::size_t> argument_register(const Operand& operand) {
    const bool is_argument = operand.kind == Operand::Kind::x && operand.value >= 0 &&
                             std::cmp_less(operand.value, Registers().atoms.size());
    return is_argument ? std::optional(static_cast<std::size_t>(operand.value)) : std::nullopt;
  }

  std::optional<KnownList> known_list(const Operand& operand) const {
    if (operand.kind == Operand::Kind::atom && operand.value == 0) return KnownList{};
    if (const auto number = argument_register(operand)) return registers_.lists[*number];
    if (operand.kind != Operand::Kind::literal || operand.value < 0) return std::nullopt;
    return KnownList{0, static_cast<std::size_t>(operand.value)};
  }

  std::optional<unsigned> length_of(const std::optional<KnownList>& list) {
    if (!list || !list->literal) return list ? std::optional(list->front) : std::nullopt;
    const Term literal = literals_.at(*list->literal);
    if (!literal.is_proper_list()) return std::nullopt;
    return list->front + static_cast<unsigned>(literal.as_list()->size());
  }

  std::optional<Atom> atom(const Operand& operand) const {
    const bool is_one = operand.kind == Operand::Kind::atom && operand.value > 0 &&
                        std::cmp_less_equal(operand.value, atoms_.size());
    if (!is_one) return std::nullopt;
    return atoms_[static_cast<std::size_t>(operand.value) - 1];
  }

  std::optional<CodeStep> step_of(const CodeInstruction& instruction) {
    switch (instruction.opcode) {
      case Opcode::call:
        return CodeStep{Kind::local_call};
      case Opcode::call_last:
      case Opcode::call_only:
        return CodeStep{Kind::local_call, true};
      case Opcode::call_ext:
        return external_call(instruction, false);
      case Opcode::call_ext_last:
      case Opcode::call_ext_only:
        return external_call(instruction, true);
      case Opcode::apply:
        return CodeStep{Kind::apply};
      case Opcode::apply_last:
        return CodeStep{Kind::apply, true};
      case Opcode::return_from:
        return CodeStep{Kind::returns};
      case Opcode::wait_timeout:
        return CodeStep{Kind::waits};
      case Opcode::wait:
      case Opcode::jump:
      case Opcode::loop_rec_end:
      case Opcode::select_val:
      case Opcode::select_tuple_arity:
        return CodeStep{Kind::jump};
      case Opcode::func_info:
      case Opcode::badmatch:
      case Opcode::if_end:
      case Opcode::case_end:
      case Opcode::try_case_end:
      case Opcode::raise:
      case Opcode::raw_raise:
      case Opcode::badrecord:
        return CodeStep{Kind::stop};
      default:
        return CodeStep{};
    }
  }

  CodeStep external_call(const CodeInstruction& instruction, bool is_tail) {
    CodeStep step{Kind::external_call, is_tail};
    const std::int64_t import = instruction.operands[1].value;
    if (import < 0 || std::cmp_greater_equal(import, code_.imports.size())) {
      return CodeStep{Kind::apply, is_tail};
    }
    step.called = static_cast<std::size_t>(import);
    step.arguments = registers_.atoms;
    if (is_start_of_process(code_.imports[step.called])) {
      for (std::size_t i = 0; i < registers_.lists.size(); ++i)
        step.list_lengths[i] = length_of(registers_.lists[i]);
    }
    return step;
  }

  void add(const CodeInstruction& instruction, const CodeStep& step) {
    std::vector<std::int64_t> targets;
    for (const Operand& operand : instruction.operands)
      collect_labels(operand, targets);
    if (step.kind == Kind::branch && targets.empty()) return;
    code_.functions.back().steps.push_back(step);
    drafts_.back().opcodes.push_back(instruction.opcode);
    drafts_.back().targets.push_back(std::move(targets));
  }

  static void collect_labels(const Operand& operand, std::vector<std::int64_t>& labels) {
    if (operand.kind == Operand::Kind::label && operand.value != 0) labels.push_back(operand.value);
    for (const Operand& element : operand.elements)
      collect_labels(element, labels);
  }

  void note_fun(const CodeInstruction& instruction) {
    if (instruction.opcode != Opcode::make_fun2 && instruction.opcode != Opcode::make_fun3) return;
    drafts_.back().funs.push_back(instruction.operands[0].value);
  }

  void forget(const CodeInstruction& instruction) {
    switch (instruction.opcode) {
      case Opcode::call:
      case Opcode::call_ext:
      case Opcode::call_fun:
      case Opcode::call_fun2:
      case Opcode::apply:
        registers_ = {};
        return;
      default:
        break;
    }
    for (const Operand& operand : instruction.operands)
      forget(operand);
  }

  void forget(const Operand& operand) {
    if (const auto number = argument_register(operand)) {
      registers_.atoms[*number].reset();
      registers_.lists[*number].reset();
    }
    for (const Operand& element : operand.elements)
      forget(element);
  }

  // Turns labels into indices.
  void finish(std::size_t number) {
    FunctionCode& function = code_.functions[number];
    const Draft& draft = drafts_[number];
    for (std::size_t i = 0; i < function.steps.size(); ++i) {
      CodeStep& step = function.steps[i];
      if (step.kind == Kind::local_call) {
        step.called = function_at(draft.targets[i]);
        if (step.called == no_function) step.kind = Kind::apply;
      } else {
        step.jumps = steps_at(draft.targets[i], number);
      }
    }
    for (std::size_t i = 0; i < function.steps.size(); ++i) {
      if (draft.opcodes[i] == Opcode::loop_rec) finish_receive(function, draft, i);
    }
    for (const std::int64_t fun : draft.funs)
      add_fun(fun, function);
  }

  static void finish_receive(FunctionCode& function, const Draft& draft, std::size_t step) {
    for (const std::size_t empty : function.steps[step].jumps) {
      const bool waits =
          empty < draft.opcodes.size() &&
          (draft.opcodes[empty] == Opcode::wait || draft.opcodes[empty] == Opcode::wait_timeout);
      if (waits) function.steps[step].kind = Kind::waits;
    }
  }

  void add_fun(std::int64_t number, FunctionCode& function) const {
    if (number < 0 || std::cmp_greater_equal(number, funs_.size())) return;
    const FunEntry& fun = funs_[static_cast<std::size_t>(number)];
    const std::size_t runs = function_at({fun.label});
    if (runs == no_function || fun.kept > fun.arity) return;
    function.funs.push_back({runs, fun.arity - fun.kept});
  }

  std::size_t function_at(const std::vector<std::int64_t>& labels) const {
    const auto found = labels.empty() ? entries_.end() : entries_.find(labels.front());
    return found == entries_.end() ? no_function : found->second;
  }

  // Labels of another function are those before a func_info: an exception.
  std::vector<std::size_t> steps_at(const std::vector<std::int64_t>& labels,
                                    std::size_t function) const {
    std::vector<std::size_t> steps;
    for (const std::int64_t label : labels) {
      const auto place = places_.find(label);
      const bool is_inside = place != places_.end() && place->second.first == function;
      if (is_inside) steps.push_back(place->second.second);
    }
    return steps;
  }

  void mark_exports() {
    for (const Function& exported : file_.exports()) {
      const std::size_t function = function_at({exported.label});
      if (function != no_function) code_.functions[function].is_exported = true;
    }
  }

  const BeamFile& file_;
  std::vector<Atom> atoms_;
  std::vector<FunEntry> funs_;
  ModuleCode code_{Atom(""), {}, {}};
  std::vector<Draft> drafts_;  // one for each function
  Registers registers_;
  LiteralTable literals_;
  bool is_at_entry_ = false;
  std::map<std::int64_t, std::pair<std::size_t, std::size_t>> places_;  // function and step
  std::map<std::int64_t, std::size_t> entries_;
};

}  // namespace

ModuleCode read_module_code(const BeamFile& file) {
  return ModuleCodeReader(file).read();
}

}  // namespace relup::beam
