// SPDX-License-Identifier: Apache-2.0
//
// A group in its order L (dependents first) becomes, upwards:
//   suspend L, load in reverse of L, code_change up, resume in reverse of L;
// and downwards:
//   suspend L, code_change down of dynamic modules, load in L, code_change down of static modules,
//   resume in reverse of L.
// So a module is loaded after those it calls when it goes up, before them when it goes down, and a
// process whose state is changed on the way down is changed by the code that made that state.

#include <algorithm>

#include "relup/lower.hpp"
#include "relup/merge_scripts.hpp"

namespace relup {
namespace {

using appup::Direction;
using appup::Instruction;
using appup::ModuleType;
using appup::Purge;

Instruction step(appup::Action action, const Instruction& cause) {
  return {std::move(action), cause.source, cause.span};
}

class GroupLowering {
 public:
  GroupLowering(const Script& script, const std::vector<std::size_t>& group) {
    for (const std::size_t index : group)
      members_.push_back(&script[index]);
  }

  Script lower(Direction direction) {
    Script steps;
    suspend(steps);
    if (direction == Direction::up) {
      switch_code(members_.rbegin(), members_.rend(), steps);
      change_code("up", nullptr, steps);
    } else {
      const ModuleType dynamic_module = ModuleType::dynamic_module;
      const ModuleType static_module = ModuleType::static_module;
      change_code("down", &dynamic_module, steps);
      switch_code(members_.begin(), members_.end(), steps);
      change_code("down", &static_module, steps);
    }
    resume(steps);
    return steps;
  }

  void object_code(const ModuleIndex& modules, Script& out, Problems& problems) const {
    for (const Instruction* member : members_) {
      if (std::holds_alternative<appup::DeleteModule>(member->action)) continue;
      const Atom module = ties_of(*member)->module;
      const LibraryVersion* library = modules.find(module);
      if (library == nullptr) {
        problems.push_back(instruction_problem(
            "no-such-module", *member,
            "no application of the target release lists module " + module.name(),
            tagged("no_such_module", Term(module))));
      } else {
        out.push_back(
            step(appup::LoadObjectCode{library->name, library->version, {module}}, *member));
      }
    }
  }

 private:
  const appup::Update* update_of(const Instruction* member) const {
    return std::get_if<appup::Update>(&member->action);
  }

  void suspend(Script& steps) const {
    appup::Suspend suspend;
    const Instruction* first = nullptr;
    for (const Instruction* member : members_) {
      const appup::Update* update = update_of(member);
      if (update == nullptr) continue;
      if (first == nullptr) first = member;
      const bool is_default = update->timeout.is_atom("default");
      suspend.targets.push_back(
          {update->module, is_default ? std::nullopt : std::optional(update->timeout)});
    }
    if (first != nullptr) steps.push_back(step(std::move(suspend), *first));
  }

  void resume(Script& steps) const {
    appup::Resume resume;
    const Instruction* first = nullptr;
    for (auto member = members_.rbegin(); member != members_.rend(); ++member) {
      const appup::Update* update = update_of(*member);
      if (update == nullptr) continue;
      if (first == nullptr) first = *member;
      resume.modules.push_back(update->module);
    }
    if (first != nullptr) steps.push_back(step(std::move(resume), *first));
  }

  template <typename Iterator>
  void switch_code(Iterator begin, Iterator end, Script& steps) const {
    for (Iterator member = begin; member != end; ++member)
      switch_module(**member, steps);
  }

  static void switch_module(const Instruction& member, Script& steps) {
    if (const auto* update = std::get_if<appup::Update>(&member.action)) {
      steps.push_back(
          step(appup::Load{update->module, update->pre_purge, update->post_purge}, member));
    } else if (const auto* load = std::get_if<appup::LoadModule>(&member.action)) {
      steps.push_back(step(appup::Load{load->module, load->pre_purge, load->post_purge}, member));
    } else {
      const Atom module = ties_of(member)->module;
      steps.push_back(step(appup::Remove{module, Purge::brutal, Purge::brutal}, member));
      steps.push_back(step(appup::PurgeModules{{module}}, member));
    }
  }

  // The code changes of the group, of one module type or (null) of both.
  void change_code(std::string_view mode, const ModuleType* type, Script& steps) const {
    appup::CodeChange change{Atom(mode), {}};
    const Instruction* first = nullptr;
    for (const Instruction* member : members_) {
      const appup::Update* update = update_of(member);
      if (update == nullptr || !update->extra) continue;
      if (type != nullptr && update->type != *type) continue;
      if (first == nullptr) first = member;
      change.modules.emplace_back(update->module, *update->extra);
    }
    if (first != nullptr) steps.push_back(step(std::move(change), *first));
  }

  std::vector<const Instruction*> members_;
};

}  // namespace

ModuleIndex::ModuleIndex(const release::ResolvedRelease& release) {
  for (const release::Application& application : release.applications) {
    for (const Atom module : application.file.modules)
      by_module_.emplace(module, libraries_.size());
    libraries_.push_back({application.name(), Term::string(application.version())});
  }
}

const LibraryVersion* ModuleIndex::find(Atom module) const {
  const auto found = by_module_.find(module);
  return found == by_module_.end() ? nullptr : &libraries_[found->second];
}

LoweredGroup lower_group(const Script& script, const std::vector<std::size_t>& group,
                         Direction direction, const ModuleIndex& modules, Problems& problems) {
  GroupLowering lowering(script, group);
  LoweredGroup lowered;
  lowering.object_code(modules, lowered.object_code, problems);
  lowered.steps = lowering.lower(direction);
  return lowered;
}

}  // namespace relup
