// SPDX-License-Identifier: Apache-2.0
//
// The search goes over the imports of each changed module, in both of its versions, and on through
// the modules that only this version of the release has. Those were loaded before everything
// or leave after everything, so it is their callers that must wait.

#include "plan/load_order.hpp"

#include <algorithm>
#include <optional>

#include "term/printer.hpp"

namespace relup::plan {
namespace {

using diff::ModuleChange;
using diff::ModuleStatus;
using facts::ModuleFacts;

bool exports(const ModuleFacts& facts, const beam::Import& call) {
  return std::binary_search(facts.exports.begin(), facts.exports.end(),
                            facts::FunctionName{call.function, call.arity});
}

std::string printed(const beam::Import& call) {
  return print_function(call.module.name(), call.function.name(), call.arity);
}

using Modules = std::map<Atom, const ModuleChange*>;

class DependencySearch {
 public:
  explicit DependencySearch(const diff::ReleaseDiff& diff) {
    for (const diff::ApplicationChange& application : diff.applications) {
      for (const ModuleChange& module : application.modules) {
        if (module.changes_code) changed_[module.name] = &module;
        if (module.status == ModuleStatus::added) added_[module.name] = &module;
        if (module.status == ModuleStatus::removed) removed_[module.name] = &module;
        if (!application.is_in_both() && module.status != ModuleStatus::moved)
          of_whole_.push_back(&module);
      }
    }
  }

  std::vector<Dependency> run() {
    for (const auto& entry : changed_) {
      root_ = entry.second;
      seen_.clear();
      follow_new_calls(*root_->new_facts);
      seen_.clear();
      follow_old_calls(*root_->old_facts);
    }
    find_calls_of_whole_applications();
    tie_users_of_structures();
    tie_users_of_records();
    sort();
    return std::move(found_);
  }

 private:
  void add(Atom later, Atom earlier, std::string because) {
    if (!(later == earlier)) found_.push_back({later, earlier, std::move(because)});
  }

  void follow_new_calls(const ModuleFacts& caller) {
    for (const beam::Import& call : caller.imports) {
      const auto changed = changed_.find(call.module);
      if (changed != changed_.end()) {
        const ModuleChange& callee = *changed->second;
        const bool is_new = exports(*callee.new_facts, call) && !exports(*callee.old_facts, call);
        if (is_new) add(root_->name, call.module, "it calls " + printed(call) + ", which is new");
        continue;
      }
      const auto added = added_.find(call.module);
      if (added == added_.end() || !seen_.insert(call.module).second) continue;
      add(root_->name, call.module, "it calls " + printed(call) + ", of a new module");
      follow_new_calls(*added->second->new_facts);
    }
  }

  void follow_old_calls(const ModuleFacts& caller) {
    for (const beam::Import& call : caller.imports) {
      const auto changed = changed_.find(call.module);
      if (changed != changed_.end()) {
        const ModuleChange& callee = *changed->second;
        const bool goes = exports(*callee.old_facts, call) && !exports(*callee.new_facts, call);
        if (goes) add(call.module, root_->name, "it no longer has " + printed(call));
        continue;
      }
      const auto removed = removed_.find(call.module);
      if (removed == removed_.end() || !seen_.insert(call.module).second) continue;
      add(call.module, root_->name, "it leaves, and " + printed(call) + " is called");
      follow_old_calls(*removed->second->old_facts);
    }
  }

  // An application that comes runs before the others have their new code, and one that goes until
  // they have it all.
  void find_calls_of_whole_applications() {
    for (const ModuleChange* module : of_whole_) {
      const bool comes = module->status == ModuleStatus::added;
      for (const beam::Import& call : (comes ? module->new_facts : module->old_facts)->imports) {
        const auto callee = changed_.find(call.module);
        if (callee == changed_.end()) continue;
        const bool is_in_old = exports(*callee->second->old_facts, call);
        const bool is_in_new = exports(*callee->second->new_facts, call);
        if (comes && is_in_new && !is_in_old) {
          add(module->name, call.module, "it calls " + printed(call) + ", which is new");
        } else if (!comes && is_in_old && !is_in_new) {
          add(call.module, module->name, "it no longer has " + printed(call));
        }
      }
    }
  }

  void tie_users_of_structures() {
    const std::set<std::string> definers = changed_structures();
    if (definers.empty()) return;
    for (const auto& [user, module] : changed_) {
      for (const std::string& name : structures_used_by(*module)) {
        if (!definers.contains(name)) continue;
        add(user, Atom(name), "it uses the struct " + name + ", whose fields change");
      }
    }
  }

  std::set<std::string> changed_structures() const {
    std::set<std::string> names;
    for (const auto& [name, module] : changed_) {
      const auto& old_fields = module->old_facts->structure;
      const auto& new_fields = module->new_facts->structure;
      if (old_fields && new_fields && old_fields != new_fields) names.insert(name.name());
    }
    return names;
  }

  static std::set<std::string> structures_used_by(const ModuleChange& module) {
    std::set<std::string> names;
    for (const auto* facts : {&*module.old_facts, &*module.new_facts}) {
      names.merge(facts->used_structures());
    }
    return names;
  }

  // The record of a header has no module that defines it; the first that uses it stands for that.
  void tie_users_of_records() {
    std::map<std::pair<std::string, std::string>, Atom> first_users;
    for (const auto& [user, module] : changed_) {
      for (const auto& [name, is] : module->new_facts->header_records()) {
        const auto was = module->old_facts->header_records().find(name);
        const bool differs = was != module->old_facts->header_records().end() &&
                             was->second.header == is.header && was->second.fields != is.fields;
        if (!differs) continue;
        const auto [first, is_first] = first_users.try_emplace({is.header, name}, user);
        if (is_first) continue;
        add(user, first->second,
            "both use the record " + name + " of " + is.header + ", whose fields change");
      }
    }
  }

  // Of several reasons for one pair the first is enough.
  void sort() {
    const auto key = [](const Dependency& each) {
      return std::tie(each.later, each.earlier, each.because);
    };
    std::sort(found_.begin(), found_.end(),
              [&](const auto& left, const auto& right) { return key(left) < key(right); });
    const auto is_same = [](const Dependency& left, const Dependency& right) {
      return left.later == right.later && left.earlier == right.earlier;
    };
    found_.erase(std::unique(found_.begin(), found_.end(), is_same), found_.end());
  }

  Modules changed_;
  Modules added_;
  Modules removed_;
  std::vector<const ModuleChange*> of_whole_;  // of applications that come or go
  const ModuleChange* root_ = nullptr;
  std::set<Atom> seen_;
  std::vector<Dependency> found_;
};

// Whether `from` leads to `goal`, without entering what was seen before.
bool reaches(const DepMods& dep_mods, Atom from, Atom goal, std::set<Atom>& seen) {
  std::vector<Atom> open{from};
  while (!open.empty()) {
    const auto found = dep_mods.find(open.back());
    open.pop_back();
    if (found == dep_mods.end()) continue;
    for (const Atom next : found->second) {
      if (next == goal) return true;
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return false;
}

}  // namespace

std::vector<Dependency> find_dependencies(const diff::ReleaseDiff& diff) {
  return DependencySearch(diff).run();
}

std::set<Atom> find_cycles(const DepMods& dep_mods) {
  std::set<Atom> members;
  for (const auto& entry : dep_mods) {
    std::set<Atom> seen;
    if (reaches(dep_mods, entry.first, entry.first, seen)) members.insert(entry.first);
  }
  return members;
}

}  // namespace relup::plan
