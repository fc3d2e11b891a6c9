// SPDX-License-Identifier: Apache-2.0
//
// Who calls whom is told by imports, followed through modules that only one of the releases has:
// what those call is called by who calls them (as in load_order.cpp).

#include "plan/child_order.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace relup::plan {
namespace {

using diff::ModuleChange;
using facts::ModuleFacts;

using Modules = std::map<Atom, const ModuleFacts*>;

std::vector<Atom> modules_of(const facts::Child& child) {
  std::vector<Atom> modules = child.modules.value_or(std::vector<Atom>());
  if (child.starter) modules.push_back(*child.starter);
  // In Elixir a module may stand for its specification.
  if (const Atom* id = child.id.as_atom()) modules.push_back(*id);
  return modules;
}

// Whether code with these facts calls one of `called`, itself or through modules in `between`.
bool calls_any(const ModuleFacts& caller, const std::set<Atom>& called, const Modules& between,
               std::set<Atom>& seen) {
  return std::any_of(caller.imports.begin(), caller.imports.end(), [&](const beam::Import& call) {
    if (called.contains(call.module)) return true;
    const auto next = between.find(call.module);
    const bool is_new = next != between.end() && seen.insert(call.module).second;
    return is_new && calls_any(*next->second, called, between, seen);
  });
}

bool has(const ModuleFacts& facts, const beam::Import& call) {
  return facts.exports_function(call.function.name(), call.arity);
}

class ChildOrder {
 public:
  ChildOrder(const diff::ApplicationChange& application, appup::Direction direction)
      : up_(direction == appup::Direction::up) {
    for (const ModuleChange& module : application.modules)
      sort_in(module);
    for (const ModuleChange& module : application.modules) {
      if (is_written(module)) sort_in_children(module);
    }
  }

  std::map<Atom, Turn> turns(const DepMods& dep_mods) const {
    std::map<Atom, Turn> turns;
    if (supervisors_.empty()) return turns;
    const std::set<Atom> needed = with_ties(needed_by_coming(), dep_mods);
    for (const Atom module : with_ties(switched_behind(), dep_mods))
      turns[module] = needed.contains(module) ? Turn::between : Turn::after;
    for (const Atom module : with_ties(supervisors_, dep_mods))
      turns[module] = Turn::between;
    return turns;
  }

 private:
  void sort_in(const ModuleChange& module) {
    const auto& here = up_ ? module.old_facts : module.new_facts;
    const auto& there = up_ ? module.new_facts : module.old_facts;
    if (module.changes_code) {
      before_.emplace(module.name, &*here);
      after_.emplace(module.name, &*there);
    } else if (there && !here) {
      arriving_.emplace(module.name, &*there);
    } else if (here && !there) {
      leaving_.emplace(module.name, &*here);
    }
  }

  void sort_in_children(const ModuleChange& module) {
    const facts::ChildrenChange& change = *module.children_change;
    supervisors_.insert(module.name);
    add_modules(up_ ? change.added : change.removed, arriving_, coming_);
    add_modules(up_ ? change.removed : change.added, leaving_, going_);
    for (const facts::ChangedChild& child : change.changed) {
      if (!child.starts_otherwise) continue;
      add_modules({up_ ? child.after : child.before}, arriving_, coming_);
      add_modules({up_ ? child.before : child.after}, leaving_, going_);
    }
  }

  // Not those that stay as they are: half of a release calls gen_server, which may start a child.
  void add_modules(const std::vector<facts::Child>& children, const Modules& single,
                   std::set<Atom>& modules) const {
    for (const facts::Child& child : children) {
      for (const Atom module : modules_of(child)) {
        if (single.contains(module) || before_.contains(module)) modules.insert(module);
      }
    }
  }

  // What calls a child that comes, or loses what a child that goes calls.
  std::set<Atom> switched_behind() const {
    std::set<Atom> found;
    for (const auto& [name, facts] : after_) {
      std::set<Atom> seen;
      if (calls_any(*facts, coming_, arriving_, seen)) found.insert(name);
    }
    std::set<Atom> seen;
    for (const Atom child : going_)
      add_misfits(child, leaving_, {&before_, &after_}, seen, found);
    return found;
  }

  // The code of the children themselves, and what gives them a function that they call.
  std::set<Atom> needed_by_coming() const {
    std::set<Atom> found = coming_;
    std::set<Atom> seen;
    for (const Atom child : coming_)
      add_misfits(child, arriving_, {&after_, &before_}, seen, found);
    return found;
  }

  // Whose version in the first of `versions` has a function that `caller`, or a module of `between`
  // that it calls, calls, and whose version in the second one has not.
  void add_misfits(Atom caller, const Modules& between, std::array<const Modules*, 2> versions,
                   std::set<Atom>& seen, std::set<Atom>& found) const {
    if (!seen.insert(caller).second) return;
    const auto own = between.find(caller);
    const auto changed = versions[0]->find(caller);
    if (own == between.end() && changed == versions[0]->end()) return;
    const ModuleFacts& facts = own != between.end() ? *own->second : *changed->second;
    for (const beam::Import& call : facts.imports) {
      const auto with = versions[0]->find(call.module);
      if (with == versions[0]->end()) {
        add_misfits(call.module, between, versions, seen, found);
      } else if (has(*with->second, call) && !has(*versions[1]->at(call.module), call)) {
        found.insert(call.module);
      }
    }
  }

  // And what is switched in one group with them.
  static std::set<Atom> with_ties(std::set<Atom> modules, const DepMods& dep_mods) {
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto& [later, earlier] : dep_mods) {
        for (const Atom other : earlier) {
          if (modules.contains(later) == modules.contains(other)) continue;
          modules.insert({later, other});
          grows = true;
        }
      }
    }
    return modules;
  }

  bool up_;
  Modules before_;  // of the modules that change, by the code that a script finds
  Modules after_;   // and by that which it loads
  Modules arriving_;
  Modules leaving_;
  std::set<Atom> supervisors_;
  std::set<Atom> coming_;  // modules of children
  std::set<Atom> going_;
};

}  // namespace

std::map<Atom, Turn> turns_around_children(const diff::ApplicationChange& application,
                                           appup::Direction direction, const DepMods& dep_mods) {
  return ChildOrder(application, direction).turns(dep_mods);
}

}  // namespace relup::plan
