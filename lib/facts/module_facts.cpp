// SPDX-License-Identifier: Apache-2.0
#include "facts/module_facts.hpp"

#include <algorithm>

#include "beam/code/returned_arguments.hpp"
#include "beam/file/atom_table.hpp"
#include "beam/source/struct_fields.hpp"
#include "term/printer.hpp"

namespace relup::facts {
namespace {

std::string listed(const std::vector<FunctionName>& functions) {
  std::string text;
  for (const FunctionName& function : functions) {
    text += (text.empty() ? "" : ", ") + print_atom(function.name.name()) + "/" +
            std::to_string(function.arity);
  }
  return text;
}

std::vector<FunctionName> missing_in(const std::vector<FunctionName>& some,
                                     const std::vector<FunctionName>& others) {
  std::vector<FunctionName> missing;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(),
                      std::back_inserter(missing));
  return missing;
}

// gen_statem and gen_fsm hand the name of their state and its data to code_change/4, the others
// only their state.
constexpr StateCallback with_state{"code_change", 3, 1, 1};
constexpr StateCallback with_name_and_data{"code_change", 4, 1, 2};
// A special process (sys(3)).
constexpr StateCallback with_misc{"system_code_change", 4, 0, 1};

bool keeps_state(const ModuleFacts& facts, const beam::BeamFile& beam) {
  const auto callback = state_callback(facts);
  return callback && beam::returns_its_arguments(beam, callback->name, callback->arity,
                                                 callback->first, callback->count);
}

std::vector<Atom> known_structures(const beam::BeamFile& beam) {
  const std::vector<std::string_view> names = beam::AtomTable(beam).names();
  std::vector<Atom> modules;
  if (std::find(names.begin(), names.end(), "__struct__") == names.end()) return modules;
  for (const std::string_view name : names) {
    if (name.starts_with("Elixir.")) modules.emplace_back(name);
  }
  std::sort(modules.begin(), modules.end());
  return modules;
}

// Debug information is unpacked only where somebody asks it something.
bool has_something_to_say(const ModuleFacts& facts) {
  return !facts.behaviours.empty() || facts.exports_function("system_code_change", 4) ||
         facts.module.name().starts_with("Elixir.");
}

}  // namespace

unsigned state_position(const ModuleFacts& facts) {
  if (facts.has_behaviour("gen_statem") || facts.has_behaviour("gen_fsm")) return 2;
  const bool has_state = facts.has_behaviour("gen_server") || facts.has_behaviour("gen_event") ||
                         facts.has_behaviour("Elixir.GenServer");
  return has_state ? 1 : 0;
}

std::optional<StateCallback> state_callback(const ModuleFacts& facts) {
  const auto exports = [&](const StateCallback& callback) {
    return facts.exports_function(callback.name, callback.arity);
  };
  const unsigned position = state_position(facts);
  if (position == 1 && exports(with_state)) return with_state;
  if (position == 2 && exports(with_name_and_data)) return with_name_and_data;
  if (exports(with_misc)) return with_misc;
  return std::nullopt;
}

bool ModuleFacts::has_behaviour(std::string_view name) const {
  return std::any_of(behaviours.begin(), behaviours.end(),
                     [name](Atom behaviour) { return behaviour == name; });
}

bool ModuleFacts::exports_function(std::string_view name, unsigned arity) const {
  return std::binary_search(exports.begin(), exports.end(), FunctionName{Atom(name), arity});
}

bool ModuleFacts::calls(std::string_view called, std::string_view function, unsigned arity) const {
  return std::any_of(imports.begin(), imports.end(), [&](const beam::Import& import) {
    return import.arity == arity && import.function == function && import.module == called;
  });
}

bool is_supervisor(const ModuleFacts& facts) {
  return facts.has_behaviour("supervisor") || facts.has_behaviour("Elixir.Supervisor") ||
         facts.has_behaviour("Elixir.DynamicSupervisor");
}

bool loads_library(const ModuleFacts& facts) {
  return facts.calls("erlang", "load_nif", 2);
}

const beam::SourceCode* ModuleFacts::source() const {
  return module_source && has_something_to_say(*this) ? module_source->source() : nullptr;
}

const beam::SourceCode* ModuleFacts::functions() const {
  if (const beam::SourceCode* code = source()) return code;
  return module_source ? &module_source->recovered() : nullptr;
}

const beam::RecordDefinitions& ModuleFacts::header_records() const {
  static const beam::RecordDefinitions none;
  return module_source ? module_source->header_records() : none;
}

std::set<std::string> ModuleFacts::used_structures() const {
  const beam::SourceCode* code = source();
  if (auto used = code == nullptr ? std::nullopt : code->used_structures()) return *std::move(used);
  std::set<std::string> names;
  for (const Atom name : known_structures)
    names.insert(name.name());
  return names;
}

ModuleFacts read_module_facts(const beam::BeamFile& beam) {
  ModuleFacts facts{beam.module(), {}, beam.imports(), {}};
  for (const beam::Function& function : beam.exports()) {
    facts.exports.push_back({function.name, function.arity});
  }
  std::sort(facts.exports.begin(), facts.exports.end());
  facts.behaviours = beam::behaviours(beam.attributes());
  facts.keeps_state = keeps_state(facts, beam);
  if (facts.module.name().starts_with("Elixir.")) {
    facts.structure = beam::struct_fields(beam);
    facts.known_structures = known_structures(beam);
  }
  return facts;
}

std::vector<std::string> reasons_of_change(const ModuleFacts& before, const ModuleFacts& after,
                                           const beam::CodeDifference& difference) {
  std::vector<std::string> reasons;
  const std::vector<FunctionName> added = missing_in(after.exports, before.exports);
  const std::vector<FunctionName> removed = missing_in(before.exports, after.exports);
  if (!added.empty()) reasons.push_back("now exports " + listed(added));
  if (!removed.empty()) reasons.push_back("no longer exports " + listed(removed));
  if (!reasons.empty()) return reasons;
  if (difference.instructions) return {"code"};
  if (difference.literals) reasons.emplace_back("literals");
  if (difference.attributes) reasons.emplace_back("attributes");
  return reasons;
}

}  // namespace relup::facts
