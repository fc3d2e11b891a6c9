// SPDX-License-Identifier: Apache-2.0
#include "lint/supervised_modules.hpp"

#include <algorithm>

namespace relup::lint {
namespace {

using facts::ModuleFacts;

bool has_module(const release::TreeApplication& application, Atom module) {
  return std::binary_search(application.beam_modules.begin(), application.beam_modules.end(),
                            module);
}

// Starts nothing but the processes of the module that it is told.
bool is_plain_starter(Atom module) {
  return module == "gen_server" || module == "gen_statem" || module == "supervisor";
}

// Adds children that the literal lists do not have.
bool adds_children(const ModuleFacts& facts) {
  return facts.calls("supervisor", "start_child", 2) ||
         facts.calls("Elixir.Supervisor", "start_child", 2) ||
         facts.calls("Elixir.DynamicSupervisor", "start_child", 2);
}

// Elixir applications may start their top supervisor from start/2, others call a module of their
// own.
bool starts_supervisor(const ModuleFacts& facts) {
  return facts::is_supervisor(facts) || facts.calls("Elixir.Supervisor", "start_link", 2) ||
         facts.calls("Elixir.DynamicSupervisor", "start_link", 1);
}

bool is_needed_by_others(const ReleasePair& releases, Side side, Atom application) {
  const auto& applications = releases.tree(side).release.applications;
  return std::any_of(applications.begin(), applications.end(), [&](const auto& other) {
    const auto& needed = other.file.applications;
    const auto& included = other.file.included_applications;
    return std::find(needed.begin(), needed.end(), application) != needed.end() ||
           std::find(included.begin(), included.end(), application) != included.end();
  });
}

class Search {
 public:
  Search(const ReleasePair& releases, Side side, const release::TreeApplication& application)
      : releases_(releases), side_(side), application_(application) {}

  SupervisedModules run() {
    found_.is_complete = !is_needed_by_others(releases_, side_, application_.name);
    bool has_supervisor = false;
    for (const Atom module : application_.beam_modules) {
      const ModuleFacts& facts = *releases_.facts(side_, module);
      if (adds_children(facts)) found_.is_complete = false;
      if (!starts_supervisor(facts)) continue;
      has_supervisor = true;
      take_supervisor(facts);
    }
    if (!has_supervisor) found_.is_complete = false;
    return std::move(found_);
  }

 private:
  void take_supervisor(const ModuleFacts& facts) {
    const beam::SourceCode* code = facts.functions();
    const auto children = code == nullptr ? std::nullopt : facts::children_of(*code).answer;
    if (!children) {
      found_.is_complete = false;
      return;
    }
    for (const facts::Child& child : children->list)
      take_child(child);
  }

  void take_child(const facts::Child& child) {
    const bool is_known =
        child.starter && child.modules &&
        (has_module(application_, *child.starter) || is_plain_starter(*child.starter));
    if (!is_known) found_.is_complete = false;
    if (child.modules) found_.modules.insert(child.modules->begin(), child.modules->end());
    if (const Atom* id = child.id.as_atom()) {
      // In Elixir a module may stand for its specification.
      if (!child.starter && has_module(application_, *id)) found_.modules.insert(*id);
    }
  }

  const ReleasePair& releases_;
  Side side_;
  const release::TreeApplication& application_;
  SupervisedModules found_;
};

}  // namespace

SupervisedModules supervised_modules(const ReleasePair& releases, Side side,
                                     const release::TreeApplication& application) {
  return Search(releases, side, application).run();
}

}  // namespace relup::lint
