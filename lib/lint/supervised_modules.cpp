// SPDX-License-Identifier: Apache-2.0
#include "lint/supervised_modules.hpp"

#include <algorithm>

#include "lint/release_pair.hpp"

namespace relup::lint {
namespace {

using facts::ModuleFacts;

bool has_module(const release::TreeApplication& application, Atom module) {
  return std::binary_search(application.beam_modules.begin(), application.beam_modules.end(),
                            module);
}

// Whether a start function of the module starts nothing but a process of the module that it is
// given.
bool is_plain_starter(Atom module) {
  return module == "gen_server" || module == "gen_statem" || module == "supervisor";
}

// Whether the module may add children that the literal lists do not have.
bool adds_children(const ModuleFacts& facts) {
  return facts.calls("supervisor", "start_child", 2) ||
         facts.calls("Elixir.Supervisor", "start_child", 2) ||
         facts.calls("Elixir.DynamicSupervisor", "start_child", 2);
}

// Whether the module is a supervisor or, as start/2 of an Elixir application may, starts one whose
// children it lists itself.
bool starts_supervisor(const ModuleFacts& facts) {
  return facts::is_supervisor(facts) || facts.calls("Elixir.Supervisor", "start_link", 2) ||
         facts.calls("Elixir.DynamicSupervisor", "start_link", 1);
}

class Search {
 public:
  Search(const ReleasePair& releases, Side side, const release::TreeApplication& application)
      : releases_(releases), side_(side), application_(application) {}

  SupervisedModules run() {
    found_.is_complete = !releases_.is_needed_by_others(side_, application_.name);
    bool has_supervisor = false;
    for (const Atom module : application_.beam_modules) {
      const ModuleFacts& facts = *releases_.facts(side_, module);
      if (adds_children(facts)) found_.is_complete = false;
      if (!starts_supervisor(facts)) continue;
      has_supervisor = true;
      add_children_of(facts);
    }
    if (!has_supervisor) found_.is_complete = false;
    return std::move(found_);
  }

 private:
  void add_children_of(const ModuleFacts& facts) {
    const beam::SourceCode* code = facts.functions();
    const auto children = code == nullptr ? std::nullopt : facts::children_of(*code).answer;
    if (!children) {
      found_.is_complete = false;
      return;
    }
    for (const facts::Child& child : children->list)
      add_child(child);
  }

  void add_child(const facts::Child& child) {
    const bool is_known =
        child.starter && child.modules &&
        (has_module(application_, *child.starter) || is_plain_starter(*child.starter));
    if (!is_known) found_.is_complete = false;
    if (child.modules) found_.modules.insert(child.modules->begin(), child.modules->end());
    if (const Atom* id = child.id.as_atom()) {
      // In Elixir a child may be given as its module alone.
      if (!child.starter && has_module(application_, *id)) found_.modules.insert(*id);
    }
  }

  const ReleasePair& releases_;
  Side side_;
  const release::TreeApplication& application_;
  SupervisedModules found_;
};

}  // namespace

SupervisedModules find_supervised_modules(const ReleasePair& releases, Side side,
                                          const release::TreeApplication& application) {
  return Search(releases, side, application).run();
}

}  // namespace relup::lint
