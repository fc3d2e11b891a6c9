// SPDX-License-Identifier: Apache-2.0
//
// The instructions of a function are followed once, in their order. A register names the node of
// the value that it holds. Where an instruction may go on at a label, what the registers hold then
// is kept for that label; when the label comes, the ways to it are joined, and a register that
// holds different values on them holds a choice. Loops of a receive go backwards, and bring nothing
// new.
//
// An instruction that is not known here makes all registers that it names unknown: one of them is
// its result. A function with too many nodes is given up, and then the whole is not `is_whole`.

#include "beam/code/value_flow.hpp"

#include <algorithm>

#include "beam/code/code_reader.hpp"
#include "beam/code/fun_table.hpp"
#include "beam/code/function_entries.hpp"
#include "beam/file/literal_table.hpp"

namespace relup::beam {
namespace {

using Index = FlowNode::Index;
using Kind = FlowNode::Kind;

constexpr std::size_t most_nodes = 50'000;           // of a function
constexpr std::size_t largest_literal = 64U << 10U;  // bytes
constexpr std::int64_t first_y = 1U << 20U;          // the number of y0 among registers

// By number, in one piece of memory: a state is copied at every test.
class Registers {
 public:
  using Held = std::pair<std::int64_t, Index>;

  // Null for one that holds nothing that is known.
  const Index* find(std::int64_t number) const {
    const auto place = place_of(held_, number);
    return place != held_.end() && place->first == number ? &place->second : nullptr;
  }
  void set(std::int64_t number, Index value) {
    const auto place = place_of(held_, number);
    if (place != held_.end() && place->first == number) {
      place->second = value;
    } else {
      held_.insert(place, {number, value});
    }
  }
  // Forgets those of which `is_gone` says so; it may change the values of the others.
  template <typename IsGone>
  void erase_if(IsGone is_gone) {
    std::size_t kept = 0;
    for (Held& each : held_) {
      if (!is_gone(each)) held_[kept++] = each;
    }
    held_.resize(kept);
  }

 private:
  template <typename List>
  static auto place_of(List& held, std::int64_t number) -> decltype(held.begin()) {
    return std::lower_bound(
        held.begin(), held.end(), number,
        [](const Held& each, std::int64_t wanted) { return each.first < wanted; });
  }

  std::vector<Held> held_;  // sorted
};

struct State {
  Registers registers;
  std::map<Index, std::set<std::size_t>> sizes;  // of tuples, where tests have told
};

// What the instructions of a file name by number.
struct Tables {
  explicit Tables(const BeamFile& file)
      : atoms(file.atoms()),
        imports(file.imports()),
        funs(read_funs(file)),
        literals(file),
        entries(function_entries(file)) {}

  std::vector<Atom> atoms;
  std::vector<Import> imports;
  std::vector<FunEntry> funs;
  LiteralTable literals;
  FunctionEntries entries;
};

bool is_test(Opcode opcode) {
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

// Whether the next instruction is not where it goes on.
bool ends(Opcode opcode) {
  switch (opcode) {
    case Opcode::call_last:
    case Opcode::call_only:
    case Opcode::call_ext_last:
    case Opcode::call_ext_only:
    case Opcode::apply_last:
    case Opcode::return_from:
    case Opcode::jump:
    case Opcode::wait:
    case Opcode::loop_rec_end:
    case Opcode::select_val:
    case Opcode::select_tuple_arity:
    case Opcode::badmatch:
    case Opcode::if_end:
    case Opcode::case_end:
    case Opcode::try_case_end:
    case Opcode::raise:
    case Opcode::raw_raise:
    case Opcode::badrecord:
      return true;
    default:
      return false;
  }
}

bool is_call(Opcode opcode) {
  switch (opcode) {
    case Opcode::call:
    case Opcode::call_last:
    case Opcode::call_only:
    case Opcode::call_ext:
    case Opcode::call_ext_last:
    case Opcode::call_ext_only:
      return true;
    default:
      return false;
  }
}

// One function, from its entry to its end.
class FunctionReader {
 public:
  FunctionReader(Tables& tables, Atom name, unsigned arity, std::int64_t failure)
      : tables_(tables), flow_{name, arity}, failure_(failure) {
    now_.emplace();
    for (unsigned i = 0; i < arity; ++i) {
      FlowNode argument{Kind::argument};
      argument.number = i;
      now_->registers.set(i, add(std::move(argument)));
    }
  }

  std::pair<Atom, unsigned> name() const { return {flow_.name, flow_.arity}; }

  void take(const CodeInstruction& step) {
    if (step.opcode == Opcode::label) return join(step.operands[0].value);
    if (!now_ || is_too_large()) return;
    follow(step);
    if (!is_call(step.opcode) && step.opcode != Opcode::select_tuple_arity) {
      for (const Operand& operand : step.operands)
        lead_to_labels(operand);
    }
    if (ends(step.opcode)) now_.reset();
  }

  bool is_too_large() const { return flow_.nodes.size() > most_nodes; }
  FunctionFlow take_flow() { return std::move(flow_); }

 private:
  Index add(FlowNode node) {
    flow_.nodes.push_back(std::move(node));
    return static_cast<Index>(flow_.nodes.size() - 1);
  }

  Index unknown() { return add({}); }

  Index add_term(Term value) {
    FlowNode node{Kind::term};
    node.value = std::move(value);
    return add(std::move(node));
  }

  // Where several ways meet.
  void join(std::int64_t label) {
    const auto other = pending_.find(label);
    if (other == pending_.end()) return;
    if (now_) {
      join(*now_, other->second);
    } else {
      now_ = std::move(other->second);
    }
    pending_.erase(other);
  }

  void join(State& state, const State& other) {
    state.registers.erase_if([&](Registers::Held& each) {
      const Index* same = other.registers.find(each.first);
      if (same != nullptr) each.second = either(each.second, *same);
      return same == nullptr;
    });
    for (auto each = state.sizes.begin(); each != state.sizes.end();) {
      const auto same = other.sizes.find(each->first);
      if (same != other.sizes.end()) each->second.insert(same->second.begin(), same->second.end());
      each = same == other.sizes.end() ? state.sizes.erase(each) : std::next(each);
    }
  }

  Index either(Index one, Index other) {
    if (one == other) return one;
    const auto [known, is_new] = choices_.try_emplace(std::pair(one, other));
    if (!is_new) return known->second;
    FlowNode node{Kind::choice};
    node.parts = {one, other};
    return known->second = add(std::move(node));
  }

  void lead_to_labels(const Operand& operand) {
    if (operand.kind == Operand::Kind::label && operand.value != 0) lead_to(operand.value, *now_);
    for (const Operand& element : operand.elements)
      lead_to_labels(element);
  }

  void lead_to(std::int64_t label, const State& state) {
    if (label == failure_) {
      flow_.takes_anything = false;
      return;
    }
    const auto [known, is_new] = pending_.try_emplace(label, state);
    if (!is_new) join(known->second, state);
  }

  static std::int64_t number_of(const Operand& operand) {
    return operand.kind == Operand::Kind::y ? first_y + operand.value : operand.value;
  }

  static bool is_register(const Operand& operand) {
    return operand.kind == Operand::Kind::x || operand.kind == Operand::Kind::y;
  }

  Index read(const Operand& operand) {
    const auto number = static_cast<std::size_t>(operand.value);
    switch (operand.kind) {
      case Operand::Kind::x:
      case Operand::Kind::y: {
        if (const Index* held = now_->registers.find(number_of(operand))) return *held;
        const Index value = unknown();
        now_->registers.set(number_of(operand), value);
        return value;
      }
      case Operand::Kind::atom:
        if (number > tables_.atoms.size()) return unknown();
        return add_term(number == 0 ? Term() : Term(tables_.atoms[number - 1]));
      case Operand::Kind::integer:
        return add_term(Term(operand.value));
      case Operand::Kind::literal:
        if (tables_.literals.bytes(number).size() > largest_literal) return unknown();
        return add_term(tables_.literals.at(number));
      default:
        return unknown();
    }
  }

  std::optional<Atom> atom_at(const Operand& operand) const {
    const auto number = static_cast<std::size_t>(operand.value);
    const bool is_one =
        operand.kind == Operand::Kind::atom && operand.value > 0 && number <= tables_.atoms.size();
    return is_one ? std::optional(tables_.atoms[number - 1]) : std::nullopt;
  }

  void store(const Operand& target, Index value) {
    if (is_register(target)) now_->registers.set(number_of(target), value);
  }

  void forget_x() {
    now_->registers.erase_if([](const auto& each) { return each.first < first_y; });
  }

  void follow(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    if (is_call(step.opcode)) return call(step);
    if (is_test(step.opcode)) return test(step);
    switch (step.opcode) {
      case Opcode::move:
        return store(operands[1], read(operands[0]));
      case Opcode::swap: {
        const Index first = read(operands[0]);
        store(operands[0], read(operands[1]));
        return store(operands[1], first);
      }
      case Opcode::trim:
        return trim(operands[0].value);
      case Opcode::return_from:
        flow_.results.push_back(read({Operand::Kind::x, 0, {}}));
        return;
      case Opcode::select_val:
        return select(operands);
      case Opcode::select_tuple_arity:
        return select_size(operands);
      case Opcode::line:
      case Opcode::executable_line:
      case Opcode::debug_line:
      case Opcode::jump:
        return;
      default:
        break;
    }
    if (!builds(step) && !calls_in_another_way(step)) forget(operands);
  }

  bool builds(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    switch (step.opcode) {
      case Opcode::put_list:
        store(operands[2], made(Kind::list, {operands[0], operands[1]}));
        return true;
      case Opcode::put_tuple2:
        store(operands[0], made(Kind::tuple, operands[1].elements));
        return true;
      case Opcode::put_map_assoc:
      case Opcode::put_map_exact: {
        std::vector<Operand> parts{operands[1]};
        parts.insert(parts.end(), operands[4].elements.begin(), operands[4].elements.end());
        store(operands[2], made(Kind::map, parts));
        return true;
      }
      case Opcode::get_tuple_element: {
        FlowNode element{Kind::element};
        element.number = static_cast<std::size_t>(operands[1].value);
        element.parts = {read(operands[0])};
        store(operands[2], add(std::move(element)));
        return true;
      }
      case Opcode::get_map_elements:
        get_keys(operands[2].elements);
        return true;
      case Opcode::make_fun3:
        make_fun(operands);
        return true;
      case Opcode::update_record: {
        std::vector<Operand> parts{operands[2]};
        const std::vector<Operand>& changes = operands[4].elements;
        for (std::size_t i = 1; i < changes.size(); i += 2)
          parts.push_back(changes[i]);
        store(operands[3], set_elements(parts));
        return true;
      }
      case Opcode::set_tuple_element:
        store(operands[1], set_elements({operands[1], operands[0]}));
        return true;
      default:
        return false;
    }
  }

  Index made(Kind kind, const std::vector<Operand>& operands) {
    FlowNode node{kind};
    for (const Operand& operand : operands)
      node.parts.push_back(read(operand));
    return add(std::move(node));
  }

  // As erlang:setelement/3 has it, but for the place.
  Index set_elements(const std::vector<Operand>& tuple_and_values) {
    const Index place = unknown();
    const Index changed = made(Kind::call, tuple_and_values);
    flow_.nodes[changed].module = Atom("erlang");
    flow_.nodes[changed].function = Atom("setelement");
    flow_.nodes[changed].parts.insert(flow_.nodes[changed].parts.begin(), place);
    return changed;
  }

  void get_keys(const std::vector<Operand>& keys_and_targets) {
    for (std::size_t i = 0; i + 1 < keys_and_targets.size(); i += 2)
      store(keys_and_targets[i + 1], unknown());
  }

  // {make_fun3, Number, Target, Kept}
  void make_fun(const std::vector<Operand>& operands) {
    const auto number = static_cast<std::size_t>(operands[0].value);
    if (number >= tables_.funs.size()) return store(operands[1], unknown());
    const FunEntry& fun = tables_.funs[number];
    const auto entry = tables_.entries.find(fun.label);
    if (entry == tables_.entries.end()) return store(operands[1], unknown());
    const Index made_fun = made(Kind::fun, operands[2].elements);
    flow_.nodes[made_fun].function = entry->second.name;
    flow_.nodes[made_fun].number = fun.arity - std::min(fun.kept, fun.arity);
    store(operands[1], made_fun);
  }

  void call(const CodeInstruction& step) {
    FlowNode called{Kind::call};
    for (std::int64_t i = 0; i < step.operands[0].value && i < 256; ++i)
      called.parts.push_back(read({Operand::Kind::x, i, {}}));
    const Operand& place = step.operands[1];
    if (place.kind == Operand::Kind::label) {
      const auto entry = tables_.entries.find(place.value);
      if (entry != tables_.entries.end()) called.function = entry->second.name;
    } else if (place.value >= 0 && std::cmp_less(place.value, tables_.imports.size())) {
      const Import& import = tables_.imports[static_cast<std::size_t>(place.value)];
      called.module = import.module;
      called.function = import.function;
    }
    answer_call(std::move(called), step.opcode);
  }

  void answer_call(FlowNode called, Opcode opcode) {
    if (!called.function) called.kind = Kind::unknown;
    const Index index = add(std::move(called));
    if (flow_.nodes[index].kind == Kind::call) flow_.calls.push_back(index);
    if (ends(opcode)) flow_.results.push_back(index);
    forget_x();
    now_->registers.set(0, index);
  }

  // Messages, built-in functions, funs, and functions that are named by terms.
  bool calls_in_another_way(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    switch (step.opcode) {
      case Opcode::send:
        answer_call(call_of(Atom("erlang"), Atom("send"), 2), step.opcode);
        return true;
      case Opcode::apply:
      case Opcode::apply_last:
        apply(operands[0].value, step.opcode);
        return true;
      case Opcode::call_fun:
      case Opcode::call_fun2:
        answer_call({}, step.opcode);
        return true;
      case Opcode::try_case:
      case Opcode::catch_end:
        forget_x();
        return true;
      case Opcode::bif0:
        store(operands[1], unknown());
        return true;
      case Opcode::bif1:
      case Opcode::bif2:
      case Opcode::gc_bif1:
      case Opcode::gc_bif2:
      case Opcode::gc_bif3:
        store(operands.back(), unknown());
        return true;
      default:
        return false;
    }
  }

  FlowNode call_of(Atom module, Atom function, std::int64_t arity) {
    FlowNode called{Kind::call};
    called.module = module;
    called.function = function;
    for (std::int64_t i = 0; i < arity && i < 256; ++i)
      called.parts.push_back(read({Operand::Kind::x, i, {}}));
    return called;
  }

  // The module and the function stand behind the arguments.
  void apply(std::int64_t arity, Opcode opcode) {
    const auto name = [&](std::int64_t place) {
      const FlowNode& node = flow_.nodes[read({Operand::Kind::x, place, {}})];
      const Atom* atom = node.kind == Kind::term ? node.value.as_atom() : nullptr;
      return atom == nullptr ? std::optional<Atom>() : std::optional(*atom);
    };
    const auto module = name(arity);
    const auto function = name(arity + 1);
    if (!module || !function) return answer_call({}, opcode);
    answer_call(call_of(*module, *function, arity), opcode);
  }

  void forget(const std::vector<Operand>& operands) {
    for (const Operand& operand : operands) {
      if (is_register(operand)) {
        now_->registers.erase_if(
            [&](const auto& each) { return each.first == number_of(operand); });
      }
      forget(operand.elements);
    }
  }

  void test(const CodeInstruction& step) {
    const std::vector<Operand>& operands = step.operands;
    if (step.opcode == Opcode::is_tagged_tuple) {
      const auto tag = atom_at(operands[3]);
      const auto size = static_cast<std::size_t>(operands[2].value);
      if (tag) flow_.matched.insert({*tag, size});
    } else if (step.opcode == Opcode::test_arity) {
      now_->sizes[read(operands[1])] = {static_cast<std::size_t>(operands[2].value)};
    } else if (step.opcode == Opcode::is_eq_exact) {
      compare(operands[1], operands[2]);
      compare(operands[2], operands[1]);
    }
  }

  void compare(const Operand& value, const Operand& with) {
    const auto atom = atom_at(with);
    if (!atom || !is_register(value)) return;
    flow_.compared.insert(*atom);
    const FlowNode& node = flow_.nodes[read(value)];
    if (node.kind != Kind::element || node.number != 0) return;
    const auto sizes = now_->sizes.find(node.parts.front());
    if (sizes == now_->sizes.end()) return;
    for (const std::size_t size : sizes->second)
      flow_.matched.insert({*atom, size});
  }

  void select(const std::vector<Operand>& operands) {
    for (std::size_t i = 0; i + 1 < operands[2].elements.size(); i += 2)
      compare(operands[0], operands[2].elements[i]);
  }

  void select_size(const std::vector<Operand>& operands) {
    const Index tuple = read(operands[0]);
    const std::vector<Operand>& sizes = operands[2].elements;
    for (std::size_t i = 0; i + 1 < sizes.size(); i += 2) {
      State state = *now_;
      state.sizes[tuple] = {static_cast<std::size_t>(sizes[i].value)};
      lead_to(sizes[i + 1].value, state);
    }
    lead_to(operands[1].value, *now_);
  }

  // Takes the first `count` of the y registers away, so that the others move down.
  void trim(std::int64_t count) {
    now_->registers.erase_if([&](Registers::Held& each) {
      if (each.first < first_y) return false;
      each.first -= count;
      return each.first < first_y;
    });
  }

  Tables& tables_;
  FunctionFlow flow_;
  std::int64_t failure_;  // the label of function_clause
  std::optional<State> now_;
  std::map<std::int64_t, State> pending_;
  std::map<std::pair<Index, Index>, Index> choices_;
};

}  // namespace

const FunctionFlow* ValueFlow::find(Atom name, std::size_t arity) const {
  const auto found = functions.find({name, static_cast<unsigned>(arity)});
  return found == functions.end() ? nullptr : &found->second;
}

const FunctionFlow* ValueFlow::find(std::string_view name, std::size_t arity) const {
  return find(Atom(name), arity);
}

ValueFlow read_value_flow(const BeamFile& file) {
  Tables tables(file);
  ValueFlow flow{file.module()};
  flow.is_whole = false;
  std::optional<FunctionReader> function;
  bool all_followed = true;
  const auto finish = [&] {
    if (!function) return;
    if (function->is_too_large()) all_followed = false;
    FunctionFlow made = function->take_flow();
    flow.functions.emplace(std::pair(made.name, made.arity), std::move(made));
    function.reset();
  };
  CodeReader code(file);
  std::int64_t last_label = 0;
  std::int64_t failure = 0;
  while (const auto step = code.next()) {
    if (step->opcode == Opcode::func_info) {
      finish();
      failure = last_label;
      continue;
    }
    if (step->opcode == Opcode::int_code_end) flow.is_whole = all_followed;
    const bool is_label = step->opcode == Opcode::label;
    if (is_label) last_label = step->operands[0].value;
    const auto entry = is_label ? tables.entries.find(last_label) : tables.entries.end();
    if (entry != tables.entries.end()) {
      function.emplace(tables, entry->second.name, entry->second.arity, failure);
    } else if (function) {
      if (step->opcode == Opcode::on_load) flow.on_load = function->name();
      function->take(*step);
    }
  }
  finish();
  flow.is_whole = flow.is_whole && all_followed;
  return flow;
}

std::set<const FunctionFlow*> reached_from(const ValueFlow& code, const FunctionFlow* from) {
  std::set<const FunctionFlow*> reached;
  std::vector<const FunctionFlow*> open{from};
  while (!open.empty()) {
    const FunctionFlow* function = open.back();
    open.pop_back();
    if (function == nullptr || !reached.insert(function).second) continue;
    for (const FlowNode& node : function->nodes) {
      if (node.kind == FlowNode::Kind::call && !node.module)
        open.push_back(code.find(*node.function, node.parts.size()));
      if (node.kind == FlowNode::Kind::fun)
        open.push_back(code.find(*node.function, node.number + node.parts.size()));
    }
  }
  return reached;
}

}  // namespace relup::beam
