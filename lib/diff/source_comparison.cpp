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
    Shape old_shape;
    Shape new_shape;
  };

  static void read(Module& module) {
    ModuleChange& change = *module.change;
    auto old_shape = shape_of(*change.old_facts);
    auto new_shape = shape_of(*change.new_facts);
    change.is_too_large = old_shape.is_too_large || new_shape.is_too_large;
    module.old_shape = std::move(old_shape.answer);
    module.new_shape = std::move(new_shape.answer);
    if (!module.old_shape || !module.new_shape) read_compiled(module);
    if (is_about_children(*change.new_facts)) read_children(change);
    if (is_cut(*change.old_facts) || is_cut(*change.new_facts)) change.is_too_large = true;
  }

  // Both alike, or a record would be held against a tuple.
  static void read_compiled(Module& module) {
    ModuleChange& change = *module.change;
    const auto shape_in = [](const facts::ModuleFacts& facts) {
      const std::size_t position = facts::state_position(facts);
      if (position == 0 || !facts.module_source) return Shape();
      return facts::state_shape(facts.module_source->value_flow(), position);
    };
    module.old_shape = shape_in(*change.old_facts);
    module.new_shape = shape_in(*change.new_facts);
    const auto is_unread = [](const facts::ModuleFacts& facts) {
      const std::size_t position = facts::state_position(facts);
      return position > 0 && facts.module_source &&
             !facts::is_state_told(facts.module_source->value_flow(), position);
    };
    change.is_state_unread =
        (is_unread(*change.old_facts) || is_unread(*change.new_facts)) && is_stripped(change);
  }

  static void read_children(ModuleChange& change) {
    const beam::SourceCode* old_code = change.old_facts->functions();
    const beam::SourceCode* new_code = change.new_facts->functions();
    if (old_code == nullptr || new_code == nullptr) return;
    const auto old_children = facts::children_of(*old_code);
    const auto new_children = facts::children_of(*new_code);
    if (facts::is_supervisor(*change.new_facts))
      change.init_effects = facts::side_effects_of_init(*new_code);
    const bool is_too_large = old_children.is_too_large || new_children.is_too_large ||
                              is_cut(*change.old_facts) || is_cut(*change.new_facts);
    change.is_too_large = change.is_too_large || is_too_large;
    if (old_children.answer && new_children.answer) {
      change.children_change = facts::compare_children(*old_children.answer, *new_children.answer);
    } else if (!facts::is_simple_supervisor(*old_code) || !facts::is_simple_supervisor(*new_code)) {
      const bool is_unread = is_too_large || is_stripped(change);
      change.may_list_other_children = is_unread && changes_list(change);
    }
  }

  static bool is_stripped(const ModuleChange& change) {
    return change.old_facts->source() == nullptr || change.new_facts->source() == nullptr;
  }

  // Whether the function that lists children differs.
  static bool changes_list(const ModuleChange& change) {
    const facts::ModuleFacts& new_facts = *change.new_facts;
    const bool has_list = new_facts.has_behaviour("supervisor") ||
                          new_facts.has_behaviour("Elixir.Supervisor") ||
                          new_facts.calls("Elixir.Supervisor", "start_link", 2);
    if (!has_list) return false;
    const auto code_of = [&](const facts::ModuleFacts& facts) {
      return facts::is_supervisor(new_facts) ? facts.module_source->function_identity("init", 1)
                                             : facts.module_source->function_identity("start", 2);
    };
    return code_of(*change.old_facts) != code_of(new_facts);
  }

  static void compare_structures(ModuleChange& change) {
    const facts::ModuleFacts& old_facts = *change.old_facts;
    const facts::ModuleFacts& new_facts = *change.new_facts;
    if (!old_facts.structure || !new_facts.structure || old_facts.structure == new_facts.structure)
      return;
    const auto shape = [&](const facts::ModuleFacts& facts) {
      return facts::StateShape{facts::StateShape::Kind::structure, change.name.name(),
                               *facts.structure};
    };
    // Said already where it is the state.
    if (change.state_change && change.state_change->after.name == change.name.name()) return;
    facts::StateChange difference = *facts::compare_shapes(shape(old_facts), shape(new_facts));
    change.structure_change = difference;
    if (!change.is_state_unread || change.state_change) return;
    difference.is_presumed = true;
    change.state_change = std::move(difference);
  }

  static bool is_about_children(const facts::ModuleFacts& facts) {
    return facts::is_supervisor(facts) || facts.has_behaviour("application") ||
           facts.has_behaviour("Elixir.Application");
  }

  void compare_states(const Module& module) const {
    Shape old_shape = module.old_shape;
    Shape new_shape = module.new_shape;
    if (!old_shape || !new_shape) return;
    fill_in(*old_shape, &ModuleChange::old_facts);
    fill_in(*new_shape, &ModuleChange::new_facts);
    ModuleChange& change = *module.change;
    change.state_change = facts::compare_shapes(*old_shape, *new_shape);
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
