// SPDX-License-Identifier: Apache-2.0
#pragma once

// One instruction of an appup, as a value of its own type: the high-level ones that appup(4)
// describes in their full form, and the low-level ones that a relup is made of, which an appup may
// use too. Reading a term applies the syntax checks of `systools_rc:check_op/1` in its order.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/source.hpp"
#include "term/term.hpp"

namespace relup::appup {

enum class Purge { soft, brutal };
enum class ModuleType { dynamic_module, static_module };

// High level.

struct Update {
  Atom module;
  ModuleType type = ModuleType::dynamic_module;
  Term timeout = Term::atom("default");  // default, infinity, or milliseconds
  std::optional<Term> extra = {};        // of {advanced, Extra}; none is soft
  Purge pre_purge = Purge::brutal;
  Purge post_purge = Purge::brutal;
  std::vector<Atom> dep_mods = {};
};
struct LoadModule {
  Atom module;
  Purge pre_purge = Purge::brutal;
  Purge post_purge = Purge::brutal;
  std::vector<Atom> dep_mods = {};
};
struct AddModule {
  Atom module;
  std::vector<Atom> dep_mods = {};
};
struct DeleteModule {
  Atom module;
  std::vector<Atom> dep_mods = {};
};
struct AddApplication {
  Atom application;
  Atom start_type;
};
struct RemoveApplication {
  Atom application;
};
struct RestartApplication {
  Atom application;
};

// Low level.

struct LoadObjectCode {
  Atom library;
  Term version;
  std::vector<Atom> modules;
};
struct PointOfNoReturn {};
struct Load {
  Atom module;
  Purge pre_purge;
  Purge post_purge;
};
struct Remove {
  Atom module;
  Purge pre_purge;
  Purge post_purge;
};
struct PurgeModules {
  std::vector<Atom> modules;
};
struct Suspend {
  struct Target {
    Atom module;
    std::optional<Term> timeout;  // milliseconds, infinity or default
  };
  std::vector<Target> targets;
};
struct Resume {
  std::vector<Atom> modules;
};
struct CodeChange {
  std::optional<Atom> mode;  // up or down
  std::vector<std::pair<Atom, Term>> modules;
};
struct Stop {
  std::vector<Atom> modules;
};
struct Start {
  std::vector<Atom> modules;
};
struct SyncNodes {
  Term id;
  Term nodes;  // [Node] or {M,F,A}
};
struct Apply {
  Atom module;
  Atom function;
  Term arguments;  // a list
};
struct RestartNewEmulator {};
struct RestartEmulator {};
// `restart` and `reboot`: systools lets them through, the release handler refuses them.
struct Obsolete {
  Atom name;
};

using Action = std::variant<Update, LoadModule, AddModule, DeleteModule, AddApplication,
                            RemoveApplication, RestartApplication, LoadObjectCode, PointOfNoReturn,
                            Load, Remove, PurgeModules, Suspend, Resume, CodeChange, Stop, Start,
                            SyncNodes, Apply, RestartNewEmulator, RestartEmulator, Obsolete>;

// An action and the place that asked for it; no source when nobody wrote it.
struct Instruction {
  Action action;
  Source source;
  Span span;
};

// What is wrong with a term that should be an instruction: `reason` as in
// {error,systools_rc,Reason}; [] where OTP crashes instead.
struct InstructionFault {
  std::string rule;  // stable name, e.g. "bad-module"
  Term reason;
  std::string message;
  std::string expected;
  Span span;
};

// `term` is in full form (see short_forms.hpp).
std::variant<Action, InstructionFault> read_instruction(const Term& term);

Term to_term(const Action& action);

// The module that an instruction is about: of update, load_module, add_module, delete_module, load
// and remove. Null for others.
const Atom* module_of(const Action& action);

// Whether it restarts an application or the emulator, so that nothing is upgraded module by module.
bool is_restart(const Action& action);

// Whether the instruction removes its module: delete_module, remove.
bool takes_away(const Action& action);

Purge read_purge(const Term& term);  // soft_purge or brutal_purge, checked before
Term to_term(Purge purge);

}  // namespace relup::appup
