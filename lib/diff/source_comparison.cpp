// SPDX-License-Identifier: Apache-2.0
//
// A struct is looked up in the module that defines it; one that is the same in both releases is not
// among the changed modules.

#include "diff/source_comparison.hpp"

#include <map>

#include "base/parallel.hpp"
#include "facts/init_effects.hpp"

namespace relup::diff {
namespace {

using Shape = std::optional<facts::StateShape>;

facts::Reading<facts::StateShape> shape_of(const facts::ModuleFacts& facts) {
  const std::size_t position = facts::state_position(facts);
  const beam::SourceCode* source = position == 0 ? nullptr : facts.source();
  if (source == nullptr) return {};
  return facts::state_shape(*source, position);
}

// Whether some of what was asked of the module could not be read.
bool is_cut(const facts::ModuleFacts& facts) {
  return facts.module_source && facts.module_source->extent() != beam::Extent::whole;
}

class SourceComparison {
 public:
  explicit SourceComparison(std::vector<ApplicationChange>& applications) {
    for (ApplicationChange& application : applications) {
      for (ModuleChange& module : application.modules) {
        if (!module.changes_code) continue;
        by_name_.emplace(module.name.name(), both_.size());
        both_.push_back({&module, {}, {}});
      }
    }
  }

  void compare() {
    for_each_index(both_.size(), [this](std::size_t index) { read(both_[index]); });
    for (const Module& module : both_) {
      compare_states(module);
      compare_structures(*module.change);
    }
  }

 private:
  struct Module {
    ModuleChange* change;
    Shape before;
    Shape after;
  };

  static void read(Module& module) {
    ModuleChange& change = *module.change;
    auto before = shape_of(*change.old_facts);
    auto after = shape_of(*change.new_facts);
    change.is_too_large = before.is_too_large || after.is_too_large;
    module.before = std::move(before.answer);
    module.after = std::move(after.answer);
    if (is_about_children(*change.new_facts)) read_children(change);
    if (is_cut(*change.old_facts) || is_cut(*change.new_facts)) change.is_too_large = true;
  }

  static void read_children(ModuleChange& change) {
    const beam::SourceCode* before = change.old_facts->functions();
    const beam::SourceCode* after = change.new_facts->functions();
    if (before == nullptr || after == nullptr) return;
    const auto old_children = facts::children_of(*before);
    const auto new_children = facts::children_of(*after);
    if (facts::is_supervisor(*change.new_facts))
      change.init_effects = facts::side_effects_of_init(*after);
    const bool is_too_large = old_children.is_too_large || new_children.is_too_large ||
                              is_cut(*change.old_facts) || is_cut(*change.new_facts);
    change.is_too_large = change.is_too_large || is_too_large;
    if (old_children.answer && new_children.answer) {
      change.children_change = facts::compare_children(*old_children.answer, *new_children.answer);
    } else if (!facts::is_simple_supervisor(*before) || !facts::is_simple_supervisor(*after)) {
      const bool is_unread = is_too_large || is_stripped(change);
      change.may_list_other_children = is_unread && changes_list(change);
    }
  }

  static bool is_stripped(const ModuleChange& change) {
    return change.old_facts->source() == nullptr || change.new_facts->source() == nullptr;
  }

  // Whether the function that lists children differs.
  static bool changes_list(const ModuleChange& change) {
    const facts::ModuleFacts& after = *change.new_facts;
    const bool has_list = after.has_behaviour("supervisor") ||
                          after.has_behaviour("Elixir.Supervisor") ||
                          after.calls("Elixir.Supervisor", "start_link", 2);
    if (!has_list) return false;
    const auto code_of = [&](const facts::ModuleFacts& facts) {
      return facts::is_supervisor(after) ? facts.module_source->function_identity("init", 1)
                                         : facts.module_source->function_identity("start", 2);
    };
    return code_of(*change.old_facts) != code_of(after);
  }

  static void compare_structures(ModuleChange& change) {
    const facts::ModuleFacts& before = *change.old_facts;
    const facts::ModuleFacts& after = *change.new_facts;
    if (!before.structure || !after.structure || before.structure == after.structure) return;
    const auto shape = [&](const facts::ModuleFacts& facts) {
      return facts::StateShape{facts::StateShape::Kind::structure, change.name.name(),
                               *facts.structure};
    };
    // Said already where it is the state.
    if (change.state_change && change.state_change->after.name == change.name.name()) return;
    facts::StateChange difference = *facts::compare_shapes(shape(before), shape(after));
    change.reasons.push_back("its struct " + facts::describe(difference));
    const bool may_be_state = facts::state_position(after) > 0 && after.source() == nullptr;
    if (!may_be_state) return;
    difference.is_presumed = true;
    change.state_change = std::move(difference);
  }

  static bool is_about_children(const facts::ModuleFacts& facts) {
    return facts::is_supervisor(facts) || facts.has_behaviour("application") ||
           facts.has_behaviour("Elixir.Application");
  }

  void compare_states(const Module& module) const {
    Shape before = module.before;
    Shape after = module.after;
    if (!before || !after) return;
    fill_in(*before, &ModuleChange::old_facts);
    fill_in(*after, &ModuleChange::new_facts);
    ModuleChange& change = *module.change;
    change.state_change = facts::compare_shapes(*before, *after);
    if (change.state_change) change.reasons.push_back(facts::reason_of(*change.state_change));
  }

  void fill_in(facts::StateShape& shape,
               std::optional<facts::ModuleFacts> ModuleChange::*version) const {
    if (shape.kind != facts::StateShape::Kind::structure) return;
    const auto definer = by_name_.find(shape.name);
    if (definer == by_name_.end()) return;
    const facts::ModuleFacts& facts = *(both_[definer->second].change->*version);
    if (facts.structure) shape.fields = *facts.structure;
  }

  std::vector<Module> both_;  // in both releases, and not the same code
  std::map<std::string, std::size_t> by_name_;
};

}  // namespace

void compare_sources(std::vector<ApplicationChange>& applications) {
  SourceComparison(applications).compare();
}

}  // namespace relup::diff
