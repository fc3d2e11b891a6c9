// SPDX-License-Identifier: Apache-2.0
//
// A call can break only where its caller or its callee is switched, or where its caller begins or
// ceases to run. So all calls between modules that differ are listed once, by the modules at both
// ends, and every step looks again at the calls of the modules that it touches, and at no others.
//
// Some orders cannot be had: the old caller needs the old callee, and the new one the new callee.
// One of the two calls has to be open between the two switches then, unless the caller is a process
// that can be suspended; and where nothing else is done between them, no script does better. Nor
// does a restart: a stopped application answers nobody.
//
// Who runs? A module of a process that is not suspended; of an application that is not stopped. A
// module that comes or goes with the upgrade, and is no process, runs where somebody calls it.

#include "simulate/simulation.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "beam/code/known_calls.hpp"

namespace relup::simulate {
namespace {

using appup::Action;
using diff::ModuleChange;
using diff::ModuleStatus;
using facts::ModuleFacts;

// One module that differs, with what each end of the way has of it; null for none.
struct Module {
  Atom name;
  Atom application;
  const ModuleFacts* origin = nullptr;
  const ModuleFacts* target = nullptr;
  bool in_origin = false;
  bool in_target = false;
  bool is_process = false;
  bool is_same_code = false;  // it only moved from one application to another

  Loaded loaded = Loaded::nothing;
  bool is_suspended = false;
  std::optional<std::size_t> left_by = {};  // the step that made code old which may still be kept
  std::optional<std::size_t> last_step = {};
  std::vector<std::size_t> calls_out = {};
  std::vector<std::size_t> calls_in = {};

  bool comes_or_goes() const { return in_origin != in_target; }
};

// A call that is fine at home: `side` says which version of the caller makes it.
struct Call {
  std::size_t caller;
  Loaded side;
  std::size_t callee;
  facts::FunctionName function;
  bool in_origin;  // whether the callee has it there
  bool in_target;
  std::optional<std::size_t> broken_by = std::nullopt;
};

bool is_process(const ModuleFacts* facts) {
  return facts != nullptr &&
         (facts::state_position(*facts) > 0 || facts->exports_function("system_code_change", 4));
}

// Functions that others call to begin a process, not to ask it.
bool begins_process(Atom function) {
  return function == "start" || function == "start_link" || function == "init" ||
         function == "child_spec";
}

// Whether functions of the module wait for answers of its own processes, as far as imports tell.
bool asks_processes(const ModuleFacts& facts) {
  return std::any_of(facts.imports.begin(), facts.imports.end(), beam::is_request_to_server);
}

}  // namespace

class Simulator {
 public:
  Simulator(appup::Direction direction, const diff::ReleaseDiff& diff) : diff_(diff) {
    is_up_ = direction == appup::Direction::up;
    const auto comes = is_up_ ? diff::ApplicationStatus::added : diff::ApplicationStatus::removed;
    for (const diff::ApplicationChange& application : diff.applications) {
      if (application.status == comes) stopped_.insert(application.name);
      for (const ModuleChange& change : application.modules)
        add_module(application, change);
    }
    for (std::size_t caller = 0; caller < modules_.size(); ++caller) {
      list_calls(caller, Loaded::origin, modules_[caller].origin);
      list_calls(caller, Loaded::target, modules_[caller].target);
    }
  }

  Simulation run(const Script& script) {
    script_ = &script;
    for (step_ = 0; step_ < script.size(); ++step_) {
      if (std::holds_alternative<appup::RestartNewEmulator>(script[step_].action)) return {};
      std::visit([this](const auto& action) { perform(action); }, script[step_].action);
    }
    const bool ends_anew =
        !script.empty() && std::holds_alternative<appup::RestartEmulator>(script.back().action);
    finish(ends_anew);
    return std::move(result_);
  }

 private:
  // A module that moved stands in the difference twice; where it is now knows both versions.
  void add_module(const diff::ApplicationChange& application, const ModuleChange& change) {
    const bool is_origin_of_move = change.status == ModuleStatus::moved && !change.new_facts;
    if (change.status == ModuleStatus::rebuilt || is_origin_of_move) return;
    const bool was = change.status != ModuleStatus::added;
    const bool is = change.status != ModuleStatus::removed;
    const ModuleFacts* before = change.old_facts ? &*change.old_facts : nullptr;
    const ModuleFacts* after = change.new_facts ? &*change.new_facts : nullptr;
    Module module{change.name, application.name};
    module.origin = is_up_ ? before : after;
    module.target = is_up_ ? after : before;
    module.in_origin = is_up_ ? was : is;
    module.in_target = is_up_ ? is : was;
    module.is_process = is_process(before) || is_process(after);
    module.is_same_code = change.status == ModuleStatus::moved && !change.changes_code;
    module.loaded = module.in_origin ? Loaded::origin : Loaded::nothing;
    result_.histories_[module.name].first = module.loaded;
    index_[module.name] = modules_.size();
    modules_.push_back(std::move(module));
  }

  void list_calls(std::size_t caller, Loaded side, const ModuleFacts* facts) {
    if (facts == nullptr) return;
    for (const beam::Import& import : facts->imports) {
      const auto found = index_.find(import.module);
      if (found == index_.end() || found->second == caller) continue;
      const Module& callee = modules_[found->second];
      const facts::FunctionName function{import.function, import.arity};
      const Call call{caller,
                      side,
                      found->second,
                      function,
                      has(callee.origin, function),
                      has(callee.target, function)};
      const bool is_fine_at_home = side == Loaded::origin ? call.in_origin : call.in_target;
      if (!is_fine_at_home) continue;
      modules_[caller].calls_out.push_back(calls_.size());
      modules_[found->second].calls_in.push_back(calls_.size());
      calls_.push_back(call);
    }
  }

  static bool has(const ModuleFacts* facts, const facts::FunctionName& function) {
    return facts != nullptr &&
           std::binary_search(facts->exports.begin(), facts->exports.end(), function);
  }

  Module* find(Atom name) {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &modules_[found->second];
  }

  // The steps. Those that are not named here change nothing that the model knows.
  template <typename Other>
  void perform(const Other&) {}

  void perform(const appup::LoadObjectCode& code) {
    const diff::ApplicationChange* change = diff_.find(code.library);
    if (change == nullptr || !change->changes_version()) return;
    const bool is_old_code =
        code.version == Term::string(is_up_ ? change->old_version : change->new_version);
    for (const Atom module : code.modules)
      object_code_[module] = is_old_code ? Loaded::origin : Loaded::target;
  }

  void perform(const appup::Load& load) {
    Module* module = find(load.module);
    if (module == nullptr) return;
    const auto read = object_code_.find(load.module);
    leave_code(*module);
    change(*module, read == object_code_.end() ? Loaded::target : read->second);
  }

  void perform(const appup::Remove& remove) {
    Module* module = find(remove.module);
    if (module == nullptr) return;
    leave_code(*module);
    change(*module, Loaded::nothing);
  }

  void perform(const appup::PurgeModules& purge) {
    for (const Atom name : purge.modules) {
      Module* module = find(name);
      if (module != nullptr) kill(*module);
    }
  }

  void perform(const appup::Suspend& suspend) {
    for (const auto& target : suspend.targets) {
      Module* module = find(target.module);
      if (module == nullptr || module->is_suspended) continue;
      find_blocker(*module);
      module->is_suspended = true;
      suspended_.push_back(index_.at(target.module));
      look_again(*module);
    }
  }

  void perform(const appup::Resume& resume) {
    for (const Atom name : resume.modules) {
      Module* module = find(name);
      if (module == nullptr || !module->is_suspended) continue;
      module->is_suspended = false;
      std::erase(suspended_, index_.at(name));
      look_again(*module);
    }
  }

  void perform(const appup::Apply& apply) {
    const bool stops = apply.function == "stop";
    if (!(apply.module == "application") || !(stops || apply.function == "start")) return;
    const Term::Elements* arguments = apply.arguments.as_list();
    const Atom* name =
        arguments == nullptr || arguments->empty() ? nullptr : arguments->front().as_atom();
    if (name == nullptr) return;
    if (stops) {
      stopped_.insert(*name);
    } else {
      stopped_.erase(*name);
    }
    for (Module& module : modules_) {
      if (module.application == *name) look_again(module);
    }
  }

  // The code that runs becomes old. The code server keeps one old version: an older one goes, and
  // its processes with it. A load behind a removal makes none old.
  void leave_code(Module& module) {
    if (module.loaded == Loaded::nothing) return;
    kill(module);
    module.left_by = step_;
  }

  void kill(Module& module) {
    if (module.left_by) result_.late_kills.push_back({module.name, *module.left_by, step_});
    module.left_by.reset();
  }

  void change(Module& module, Loaded loaded) {
    module.loaded = loaded;
    module.last_step = step_;
    result_.histories_[module.name].changes.push_back({step_, loaded});
    look_again(module);
  }

  void find_blocker(const Module& module) {
    const ModuleFacts* facts = facts_of(module);
    if (facts == nullptr || !module.is_process) return;
    for (const std::size_t index : suspended_) {
      const Module& called = modules_[index];
      const ModuleFacts* called_facts = facts_of(called);
      if (called_facts == nullptr || !called.is_process || !asks_processes(*called_facts)) continue;
      const bool calls = std::any_of(
          facts->imports.begin(), facts->imports.end(), [&](const beam::Import& import) {
            return import.module == called.name && !begins_process(import.function);
          });
      if (calls) result_.blocked_suspends.push_back({module.name, called.name, step_});
    }
  }

  static const ModuleFacts* facts_of(const Module& module) {
    return module.loaded == Loaded::origin ? module.origin : module.target;
  }

  void look_again(const Module& module) {
    for (const std::size_t index : module.calls_in)
      look_at(calls_[index]);
    for (const std::size_t index : module.calls_out) {
      look_at(calls_[index]);
      // A module that comes or goes runs only when one of its callers does, so what it calls has to
      // be looked at again, too.
      const Module& callee = modules_[calls_[index].callee];
      if (!callee.comes_or_goes()) continue;
      for (const std::size_t next : callee.calls_out)
        look_at(calls_[next]);
    }
  }

  bool runs(const Module& module) const {
    if (module.is_suspended || stopped_.contains(module.application)) return false;
    if (!module.comes_or_goes() || module.is_process) return true;
    return std::any_of(module.calls_in.begin(), module.calls_in.end(), [&](std::size_t index) {
      return modules_[calls_[index].caller].loaded == calls_[index].side;
    });
  }

  void look_at(Call& call) {
    const Module& caller = modules_[call.caller];
    const Module& callee = modules_[call.callee];
    const bool is_there = callee.loaded == Loaded::origin   ? call.in_origin
                          : callee.loaded == Loaded::target ? call.in_target
                                                            : false;
    const bool is_broken = caller.loaded == call.side && !is_there && runs(caller) &&
                           !is_between_stop_and_start(callee.application);
    if (is_broken == call.broken_by.has_value()) return;
    if (is_broken) {
      call.broken_by = step_;
    } else {
      close(call, step_);
    }
  }

  // A step has stopped it, and another one will start it.
  bool is_between_stop_and_start(Atom application) const {
    const diff::ApplicationChange* change = diff_.find(application);
    return stopped_.contains(application) && change != nullptr && change->is_in_both();
  }

  void close(Call& call, std::size_t step) {
    const std::size_t opened_by = *call.broken_by;
    call.broken_by.reset();
    const bool can_be_suspended = modules_[call.caller].is_process;
    if (!can_be_suspended && only_switches(opened_by, step) && is_inevitable(call)) return;
    result_.undefined_calls.push_back(
        {modules_[call.caller].name, modules_[call.callee].name, call.function, opened_by, step});
  }

  // Whether the steps from one to the other are all loads and removals.
  bool only_switches(std::size_t first, std::size_t last) const {
    if (last >= script_->size()) return false;
    for (std::size_t step = first; step <= last; ++step) {
      const Action& action = (*script_)[step].action;
      if (!std::holds_alternative<appup::Load>(action) &&
          !std::holds_alternative<appup::Remove>(action)) {
        return false;
      }
    }
    return true;
  }

  // Whether the module that should be switched second must, by other calls, be switched first.
  bool is_inevitable(const Call& call) const {
    const bool caller_first = call.side == Loaded::origin;
    const std::size_t first = caller_first ? call.caller : call.callee;
    const std::size_t second = caller_first ? call.callee : call.caller;
    std::set<std::size_t> seen{second};
    std::vector<std::size_t> waiting{second};
    while (!waiting.empty()) {
      const std::size_t module = waiting.back();
      waiting.pop_back();
      for (const std::size_t later : to_be_switched_after(module)) {
        if (later == first) return true;
        if (seen.insert(later).second) waiting.push_back(later);
      }
    }
    return false;
  }

  std::vector<std::size_t> to_be_switched_after(std::size_t module) const {
    std::vector<std::size_t> later;
    for (const std::size_t index : modules_[module].calls_out) {
      const Call& call = calls_[index];
      if (call.side == Loaded::origin && !call.in_target) later.push_back(call.callee);
    }
    for (const std::size_t index : modules_[module].calls_in) {
      const Call& call = calls_[index];
      if (call.side == Loaded::target && !call.in_origin) later.push_back(call.caller);
    }
    return later;
  }

  void finish(bool ends_anew) {
    for (Call& call : calls_) {
      if (call.broken_by) close(call, step_);
    }
    const auto place = [](const UndefinedCall& call) {
      return std::tuple(call.opened_by, call.caller, call.callee, call.function);
    };
    std::sort(result_.undefined_calls.begin(), result_.undefined_calls.end(),
              [&](const auto& left, const auto& right) { return place(left) < place(right); });
    if (ends_anew) return;
    for (const Module& module : modules_) {
      const Loaded wanted = module.in_target ? Loaded::target : Loaded::nothing;
      const bool is_kept = module.is_same_code && module.loaded == Loaded::origin;
      if (module.loaded == wanted || is_kept) continue;
      result_.wrong_ends.push_back({module.name, module.loaded, module.last_step});
    }
  }

  const diff::ReleaseDiff& diff_;
  bool is_up_ = true;
  std::vector<Module> modules_;
  std::unordered_map<Atom, std::size_t> index_;
  std::vector<Call> calls_;
  std::unordered_map<Atom, Loaded> object_code_;
  std::vector<std::size_t> suspended_;  // in the order in which they were
  std::set<Atom> stopped_;              // applications
  const Script* script_ = nullptr;
  std::size_t step_ = 0;
  Simulation result_;
};

std::optional<Loaded> Simulation::loaded(Atom module, std::size_t step) const {
  const auto found = histories_.find(module);
  if (found == histories_.end()) return std::nullopt;
  Loaded loaded = found->second.first;
  for (const Change& change : found->second.changes) {
    if (change.after < step) loaded = change.loaded;
  }
  return loaded;
}

Simulation simulate(const Script& script, appup::Direction direction,
                    const diff::ReleaseDiff& diff) {
  return Simulator(direction, diff).run(script);
}

}  // namespace relup::simulate
