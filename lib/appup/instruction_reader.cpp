// SPDX-License-Identifier: Apache-2.0
#include "appup/instruction_reader.hpp"

#include <algorithm>

#include "term/big_integer.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

constexpr std::string_view known_instructions =
    "update, load_module, add_module, delete_module, add_application, remove_application, "
    "restart_application, apply, restart_new_emulator, restart_emulator or a low-level "
    "instruction, "
    "see appup(4)";

bool is_positive(const Term& term) {
  if (const std::int64_t* small = term.as_small_integer()) return *small > 0;
  return term.as_big_integer() != nullptr && !term.as_big_integer()->is_negative();
}

}  // namespace

void InstructionReader::fail(std::string_view tag, const Term& culprit, std::string message,
                             std::string expected) const {
  std::string rule(tag);
  std::replace(rule.begin(), rule.end(), '_', '-');
  throw InstructionFault{std::move(rule), tagged(tag, culprit), std::move(message),
                         std::move(expected), place_of(culprit)};
}

Span InstructionReader::place_of(const Term& culprit) const {
  return culprit.span() == Span{} ? term_.span() : culprit.span();
}

Action InstructionReader::read() const {
  if (const Atom* name = term_.as_atom()) return read_atom(*name);
  const Parts* parts = term_.as_tuple();
  if (parts != nullptr && parts->size() > 1 && parts->front().as_atom() != nullptr) {
    const std::string& name = parts->front().as_atom()->name();
    if (auto action = read_high_level(name, *parts)) return *action;
    if (auto action = read_low_level(name, *parts)) return *action;
  }
  fail("bad_instruction", term_, "not an instruction: " + print(term_),
       std::string(known_instructions));
}

Action InstructionReader::read_atom(const Atom& name) const {
  if (name == "point_of_no_return") return PointOfNoReturn();
  if (name == "restart_new_emulator") return RestartNewEmulator();
  if (name == "restart_emulator") return RestartEmulator();
  if (name == "restart" || name == "reboot") return Obsolete{name};
  if (name == "mnesia_backup") {
    fail("not_yet_implemented", term_, "`mnesia_backup` was never implemented", "an apply instead");
  }
  fail("bad_instruction", term_, "not an instruction: " + print(term_),
       std::string(known_instructions));
}

std::optional<Action> InstructionReader::read_high_level(const std::string& name,
                                                         const Parts& parts) const {
  const std::size_t size = parts.size();
  if (name == "update" && size >= 6 && size <= 8) return read_update(parts);
  if (name == "load_module" && size == 5) return read_load_module(parts);
  if (name == "add_module" && size <= 3) {
    const Atom added = module(parts[1]);
    return AddModule{added, dep_mods(parts, 2)};
  }
  if (name == "delete_module" && size <= 3) {
    const Atom deleted = module(parts[1]);
    return DeleteModule{deleted, dep_mods(parts, 2)};
  }
  if (name == "remove_application" && size == 2) return RemoveApplication{application(parts[1])};
  if (name == "restart_application" && size == 2) return RestartApplication{application(parts[1])};
  if (name != "add_application" || size != 3) return std::nullopt;
  const Atom added = application(parts[1]);
  for (const char* type : {"none", "load", "temporary", "transient", "permanent"}) {
    if (parts[2].is_atom(type)) return AddApplication{added, *parts[2].as_atom()};
  }
  fail("bad_start_type", parts[2], print(parts[2]) + " is not a start type",
       "permanent, transient, temporary, load or none");
}

// {update,M,Change,Pre,Post,DepMods}, with a Timeout after M, or with a ModType and a Timeout.
Action InstructionReader::read_update(const Parts& parts) const {
  Update update{module(parts[1])};
  std::size_t at = 2;
  if (parts.size() == 8) {
    const Term& type = parts[at++];
    if (!type.is_atom("static") && !type.is_atom("dynamic")) {
      fail("bad_mod_type", type, print(type) + " is not a module type", "static or dynamic");
    }
    update.type = type.is_atom("static") ? ModuleType::static_module : ModuleType::dynamic_module;
  }
  if (parts.size() >= 7) update.timeout = timeout(parts[at++]);
  const Term& change = parts[at++];
  if (change.is_tagged("advanced", 2)) {
    update.extra = (*change.as_tuple())[1];
  } else if (!change.is_atom("soft")) {
    fail("bad_change", change, print(change) + " is not a change", "soft or {advanced, Extra}");
  }
  update.pre_purge = purge(parts[at++]);
  update.post_purge = purge(parts[at++]);
  update.dep_mods = modules(parts[at]);
  return update;
}

Action InstructionReader::read_load_module(const Parts& parts) const {
  LoadModule load{module(parts[1])};
  load.pre_purge = purge(parts[2]);
  load.post_purge = purge(parts[3]);
  load.dep_mods = modules(parts[4]);
  return load;
}

std::optional<Action> InstructionReader::read_low_level(const std::string& name,
                                                        const Parts& parts) const {
  if (name == "code_change" && parts.size() <= 3) return read_code_change(parts);
  if (name == "sync_nodes" && parts.size() == 3) return read_sync_nodes(parts);
  if (parts.size() != 2) return std::nullopt;
  const Term& argument = parts[1];
  if (name == "purge") return PurgeModules{modules(argument)};
  if (name == "suspend") return read_suspend(argument);
  if (name == "resume") return Resume{modules(argument)};
  if (name == "stop") return Stop{modules(argument)};
  if (name == "start") return Start{modules(argument)};
  return read_triple(name, argument);
}

// The instructions whose argument is a tuple of three.
std::optional<Action> InstructionReader::read_triple(const std::string& name,
                                                     const Term& argument) const {
  const Parts* triple = argument.as_tuple();
  if (triple == nullptr || triple->size() != 3) return std::nullopt;
  if (name == "load_object_code") return read_load_object_code(*triple);
  if (name == "apply") return read_apply(*triple);
  if (name != "load" && name != "remove") return std::nullopt;
  const Atom target = module((*triple)[0]);
  const Purge pre_purge = purge((*triple)[1]);
  const Purge post_purge = purge((*triple)[2]);
  if (name == "load") return Load{target, pre_purge, post_purge};
  return Remove{target, pre_purge, post_purge};
}

Action InstructionReader::read_load_object_code(const Parts& parts) const {
  if (parts[0].as_atom() == nullptr) {
    fail("bad_lib", parts[0], print(parts[0]) + " is not a library", "an application name");
  }
  if (!parts[1].is_list()) {
    fail("bad_lib_vsn", parts[1], print(parts[1]) + " is not a library version", "a string");
  }
  return LoadObjectCode{*parts[0].as_atom(), parts[1], modules(parts[2])};
}

Action InstructionReader::read_suspend(const Term& targets) const {
  Suspend suspend;
  for (const Term& target : list(targets)) {
    const Parts* pair = target.as_tuple();
    if (pair != nullptr && pair->size() == 2) {
      const Atom suspended = module((*pair)[0]);
      suspend.targets.push_back({suspended, timeout((*pair)[1])});
    } else {
      suspend.targets.push_back({module(target), std::nullopt});
    }
  }
  check_end(targets);
  return suspend;
}

Action InstructionReader::read_code_change(const Parts& parts) const {
  CodeChange change;
  const Parts& entries = list(parts.back());
  if (parts.size() == 3) {
    if (!parts[1].is_atom("up") && !parts[1].is_atom("down")) {
      fail("bad_mode", parts[1], print(parts[1]) + " is not a direction", "up or down");
    }
    change.mode = *parts[1].as_atom();
  }
  for (const Term& entry : entries) {
    const Parts* pair = entry.as_tuple();
    if (pair == nullptr || pair->size() != 2) {
      fail("bad_code_change", entry, print(entry) + " is not a code change", "{Module, Extra}");
    }
    change.modules.emplace_back(module((*pair)[0]), (*pair)[1]);
  }
  check_end(parts.back());
  return change;
}

Action InstructionReader::read_sync_nodes(const Parts& parts) const {
  const Parts* call = parts[2].as_tuple();
  if (call != nullptr && call->size() == 3) {
    read_apply(*call);
    return SyncNodes{parts[1], parts[2]};
  }
  for (const Term& node : list(parts[2])) {
    if (node.as_atom() == nullptr) {
      fail("bad_node", node, print(node) + " is not a node", "a node name, an atom");
    }
  }
  check_end(parts[2]);
  return SyncNodes{parts[1], parts[2]};
}

Action InstructionReader::read_apply(const Parts& call) const {
  const Atom called = module(call[0]);
  if (call[1].as_atom() == nullptr) {
    fail("bad_func", call[1], print(call[1]) + " is not a function", "a function name, an atom");
  }
  if (!call[2].is_list()) {
    fail("bad_args_list", call[2], print(call[2]) + " is not a list of arguments", "a list");
  }
  return Apply{called, *call[1].as_atom(), call[2]};
}

Atom InstructionReader::module(const Term& term) const {
  if (term.as_atom() == nullptr) {
    fail("bad_module", term, print(term) + " is not a module", "a module name, an atom");
  }
  return *term.as_atom();
}

Atom InstructionReader::application(const Term& term) const {
  if (term.as_atom() == nullptr) {
    fail("bad_application", term, print(term) + " is not an application",
         "an application name, an atom");
  }
  return *term.as_atom();
}

std::vector<Atom> InstructionReader::modules(const Term& term) const {
  std::vector<Atom> modules;
  for (const Term& element : list(term))
    modules.push_back(module(element));
  check_end(term);
  return modules;
}

std::vector<Atom> InstructionReader::dep_mods(const Parts& parts, std::size_t at) const {
  return at < parts.size() ? modules(parts[at]) : std::vector<Atom>();
}

Purge InstructionReader::purge(const Term& term) const {
  if (!term.is_atom("soft_purge") && !term.is_atom("brutal_purge")) {
    fail("bad_purge_method", term, print(term) + " is not a purge method",
         "soft_purge or brutal_purge");
  }
  return read_purge(term);
}

Term InstructionReader::timeout(const Term& term) const {
  if (!term.is_atom("default") && !term.is_atom("infinity") && !is_positive(term)) {
    fail("bad_timeout", term, print(term) + " is not a timeout",
         "milliseconds above 0, infinity or default");
  }
  return term;
}

const Term::Elements& InstructionReader::list(const Term& term) const {
  if (!term.is_list()) fail("bad_list", term, print(term) + " is not a list", "a list");
  return *term.as_list();
}

// OTP looks at the elements of a list and crashes where a tail follows them.
void InstructionReader::check_end(const Term& list) const {
  if (list.is_proper_list()) return;
  throw InstructionFault{"bad-list", Term(), print(list) + " is not a proper list",
                         "a list that ends in []", place_of(list)};
}

}  // namespace relup::appup
