// SPDX-License-Identifier: Apache-2.0
#include "appup/instruction.hpp"

#include "appup/instruction_reader.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

Term suspend_targets(const Suspend& suspend) {
  Term::Elements elements;
  for (const Suspend::Target& target : suspend.targets) {
    const Term module(target.module);
    elements.push_back(target.timeout ? Term::tuple({module, *target.timeout}) : module);
  }
  return Term::list(std::move(elements));
}

Term code_changes(const CodeChange& change) {
  Term::Elements elements;
  for (const auto& [module, extra] : change.modules) {
    elements.push_back(Term::tuple({Term(module), extra}));
  }
  return Term::list(std::move(elements));
}

Term purged(std::string_view tag, Atom module, Purge pre_purge, Purge post_purge) {
  return tagged(tag, Term::tuple({Term(module), to_term(pre_purge), to_term(post_purge)}));
}

struct ToTerm {
  Term operator()(const Update& update) const {
    return tagged(
        "update", Term(update.module),
        Term::atom(update.type == ModuleType::dynamic_module ? "dynamic" : "static"),
        update.timeout, update.extra ? tagged("advanced", *update.extra) : Term::atom("soft"),
        to_term(update.pre_purge), to_term(update.post_purge), atom_list(update.dep_mods));
  }
  Term operator()(const LoadModule& load) const {
    return tagged("load_module", Term(load.module), to_term(load.pre_purge),
                  to_term(load.post_purge), atom_list(load.dep_mods));
  }
  Term operator()(const AddModule& add) const {
    return tagged("add_module", Term(add.module), atom_list(add.dep_mods));
  }
  Term operator()(const DeleteModule& remove) const {
    return tagged("delete_module", Term(remove.module), atom_list(remove.dep_mods));
  }
  Term operator()(const AddApplication& add) const {
    return tagged("add_application", Term(add.application), Term(add.start_type));
  }
  Term operator()(const RemoveApplication& remove) const {
    return tagged("remove_application", Term(remove.application));
  }
  Term operator()(const RestartApplication& restart) const {
    return tagged("restart_application", Term(restart.application));
  }
  Term operator()(const LoadObjectCode& code) const {
    return tagged("load_object_code",
                  Term::tuple({Term(code.library), code.version, atom_list(code.modules)}));
  }
  Term operator()(const PointOfNoReturn&) const { return Term::atom("point_of_no_return"); }
  Term operator()(const Load& load) const {
    return purged("load", load.module, load.pre_purge, load.post_purge);
  }
  Term operator()(const Remove& remove) const {
    return purged("remove", remove.module, remove.pre_purge, remove.post_purge);
  }
  Term operator()(const PurgeModules& purge) const {
    return tagged("purge", atom_list(purge.modules));
  }
  Term operator()(const Suspend& suspend) const {
    return tagged("suspend", suspend_targets(suspend));
  }
  Term operator()(const Resume& resume) const {
    return tagged("resume", atom_list(resume.modules));
  }
  Term operator()(const CodeChange& change) const {
    return change.mode ? tagged("code_change", Term(*change.mode), code_changes(change))
                       : tagged("code_change", code_changes(change));
  }
  Term operator()(const Stop& stop) const { return tagged("stop", atom_list(stop.modules)); }
  Term operator()(const Start& start) const { return tagged("start", atom_list(start.modules)); }
  Term operator()(const SyncNodes& sync) const { return tagged("sync_nodes", sync.id, sync.nodes); }
  Term operator()(const Apply& apply) const {
    return tagged("apply",
                  Term::tuple({Term(apply.module), Term(apply.function), apply.arguments}));
  }
  Term operator()(const RestartNewEmulator&) const { return Term::atom("restart_new_emulator"); }
  Term operator()(const RestartEmulator&) const { return Term::atom("restart_emulator"); }
  Term operator()(const Obsolete& obsolete) const { return Term(obsolete.name); }
};

}  // namespace

Term to_term(const Action& action) {
  return std::visit(ToTerm(), action);
}

Term to_term(Purge purge) {
  return Term::atom(purge == Purge::soft ? "soft_purge" : "brutal_purge");
}

Purge read_purge(const Term& term) {
  return term.is_atom("soft_purge") ? Purge::soft : Purge::brutal;
}

std::variant<Action, InstructionFault> read_instruction(const Term& term) {
  try {
    return InstructionReader(term).read();
  } catch (const InstructionFault& fault) {
    return fault;
  }
}

const Atom* module_of(const Action& action) {
  const auto visit = [](const auto& each) -> const Atom* {
    if constexpr (
        requires { each.module; } && !requires { each.function; })
      return &each.module;
    return nullptr;
  };
  return std::visit(visit, action);
}

bool is_restart(const Action& action) {
  return std::holds_alternative<RestartApplication>(action) ||
         std::holds_alternative<RestartNewEmulator>(action) ||
         std::holds_alternative<RestartEmulator>(action);
}

bool takes_away(const Action& action) {
  return std::holds_alternative<DeleteModule>(action) || std::holds_alternative<Remove>(action);
}

}  // namespace relup::appup
