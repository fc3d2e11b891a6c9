// SPDX-License-Identifier: Apache-2.0
#include "diff/release_diff.hpp"

#include <algorithm>
#include <map>

namespace relup::diff {
namespace {

using release::ReleaseTree;
using release::TreeApplication;

ModuleFacts facts_of(const ReleaseTree& tree, const TreeApplication& application, Atom module,
                     std::string bytes) {
  return read_module_facts(tree.reference.files->place(ReleaseTree::beam_path(application, module)),
                           std::move(bytes));
}

std::string read_beam(const ReleaseTree& tree, const TreeApplication& application, Atom module) {
  return tree.reference.files->read(ReleaseTree::beam_path(application, module));
}

// One application in both releases.
class ModuleComparison {
 public:
  ModuleComparison(const ReleaseTree& from, const ReleaseTree& to, const TreeApplication* before,
                   const TreeApplication* after)
      : from_(from), to_(to), before_(before), after_(after) {}

  std::vector<ModuleChange> compare() const {
    std::vector<ModuleChange> changes;
    const std::vector<Atom> none;
    const std::vector<Atom>& old_modules = before_ == nullptr ? none : before_->beam_modules;
    const std::vector<Atom>& new_modules = after_ == nullptr ? none : after_->beam_modules;
    std::vector<Atom> all;
    std::set_union(old_modules.begin(), old_modules.end(), new_modules.begin(), new_modules.end(),
                   std::back_inserter(all));
    for (const Atom module : all) {
      const bool is_old = std::binary_search(old_modules.begin(), old_modules.end(), module);
      const bool is_new = std::binary_search(new_modules.begin(), new_modules.end(), module);
      if (is_old && is_new) {
        if (auto change = compare_module(module)) changes.push_back(std::move(*change));
      } else if (is_new) {
        changes.push_back({module, ModuleStatus::added, {}, std::nullopt, new_facts(module), {}});
      } else {
        changes.push_back({module, ModuleStatus::removed, {}, old_facts(module), std::nullopt, {}});
      }
    }
    return changes;
  }

 private:
  std::optional<ModuleChange> compare_module(Atom module) const {
    std::string old_bytes = read_beam(from_, *before_, module);
    std::string new_bytes = read_beam(to_, *after_, module);
    if (old_bytes == new_bytes) return std::nullopt;
    ModuleFacts before = facts_of(from_, *before_, module, std::move(old_bytes));
    ModuleFacts after = facts_of(to_, *after_, module, std::move(new_bytes));
    ModuleChange change{module, ModuleStatus::rebuilt, {}, std::nullopt, std::nullopt, {}};
    if (beam::same_code(before.identity, after.identity)) {
      change.reasons.emplace_back("same code, compiled anew");
    } else {
      change.status = ModuleStatus::changed;
      change.reasons = reasons_of_change(before, after);
    }
    change.old_facts = std::move(before);
    change.new_facts = std::move(after);
    return change;
  }

  ModuleFacts old_facts(Atom module) const {
    return facts_of(from_, *before_, module, read_beam(from_, *before_, module));
  }
  ModuleFacts new_facts(Atom module) const {
    return facts_of(to_, *after_, module, read_beam(to_, *after_, module));
  }

  const ReleaseTree& from_;
  const ReleaseTree& to_;
  const TreeApplication* before_;
  const TreeApplication* after_;
};

ApplicationStatus status_of(const TreeApplication* before, const TreeApplication* after) {
  if (before == nullptr) return ApplicationStatus::added;
  if (after == nullptr) return ApplicationStatus::removed;
  const auto order = compare_versions(before->version, after->version);
  if (order < 0) return ApplicationStatus::upgraded;
  if (order > 0) return ApplicationStatus::downgraded;
  return before->version == after->version ? ApplicationStatus::unchanged
                                           : ApplicationStatus::upgraded;
}

// The files of an application are taken by their directory, so a release handler that knows the
// version already keeps the old ones (measured: `keep_old_files` of unpack_release).
Diagnostic same_version(const ApplicationChange& application, const ReleaseTree& to) {
  std::string modules;
  for (const ModuleChange& module : application.modules) {
    if (module.status == ModuleStatus::rebuilt) continue;
    modules += (modules.empty() ? "" : ", ") + module.name.name();
  }
  Diagnostic diagnostic;
  diagnostic.rule = "same-version-changed-code";
  diagnostic.message = "the code of " + application.name.name() + " " + application.to +
                       " changed, but its version did not: " + modules;
  diagnostic.file = to.reference.files->place(to.find(application.name)->directory);
  diagnostic.notes.push_back("an upgrade would silently keep the old files; raise the version of " +
                             application.name.name());
  return diagnostic;
}

// A module that left one application and stands in another.
void find_moves(std::vector<ApplicationChange>& applications) {
  std::map<Atom, std::pair<const ApplicationChange*, ModuleChange*>> removed;
  for (ApplicationChange& application : applications) {
    for (ModuleChange& module : application.modules) {
      if (module.status == ModuleStatus::removed) removed[module.name] = {&application, &module};
    }
  }
  for (ApplicationChange& application : applications) {
    for (ModuleChange& module : application.modules) {
      const auto found = removed.find(module.name);
      if (module.status != ModuleStatus::added || found == removed.end()) continue;
      const auto& [origin, left] = found->second;
      module.status = left->status = ModuleStatus::moved;
      module.old_facts = left->old_facts;
      module.reasons.push_back("from " + origin->name.name());
      left->reasons.push_back("to " + application.name.name());
    }
  }
}

// The state of the processes of changed modules. A struct is looked up in the module that defines
// it; one that is the same in both releases is not among the changed modules.
class StateComparison {
 public:
  explicit StateComparison(std::vector<ApplicationChange>& applications) {
    for (ApplicationChange& application : applications) {
      for (ModuleChange& module : application.modules) {
        if (module.old_facts && module.new_facts) both_.emplace(module.name.name(), &module);
      }
    }
  }

  void compare() {
    for (const auto& [name, module] : both_) {
      auto before = shape_of(*module->old_facts);
      auto after = shape_of(*module->new_facts);
      if (!before || !after) continue;
      fill_in(*before, &ModuleChange::old_facts);
      fill_in(*after, &ModuleChange::new_facts);
      module->state_change = compare_shapes(*before, *after);
      if (!module->state_change) continue;
      module->reasons.push_back("its state (" + describe(*after) + ") " +
                                describe(*module->state_change));
    }
  }

 private:
  static std::optional<StateShape> shape_of(const ModuleFacts& facts) {
    const std::size_t position = state_position(facts);
    if (position == 0 || !facts.source) return std::nullopt;
    return state_shape(*facts.source, position);
  }

  void fill_in(StateShape& shape, std::optional<ModuleFacts> ModuleChange::*version) const {
    if (shape.kind != StateShape::Kind::structure) return;
    const auto module = both_.find(shape.name);
    if (module == both_.end()) return;
    const auto& source = (module->second->*version)->source;
    if (source && source->structure) shape.fields = *source->structure;
  }

  std::map<std::string, ModuleChange*> both_;  // in both releases, and different
};

}  // namespace

std::string_view to_string(ApplicationStatus status) {
  switch (status) {
    case ApplicationStatus::added:
      return "added";
    case ApplicationStatus::removed:
      return "removed";
    case ApplicationStatus::upgraded:
      return "upgraded";
    case ApplicationStatus::downgraded:
      return "downgraded";
    case ApplicationStatus::unchanged:
      break;
  }
  return "unchanged";
}

std::string_view to_string(ModuleStatus status) {
  switch (status) {
    case ModuleStatus::added:
      return "added";
    case ModuleStatus::removed:
      return "removed";
    case ModuleStatus::rebuilt:
      return "rebuilt";
    case ModuleStatus::moved:
      return "moved";
    case ModuleStatus::changed:
      break;
  }
  return "changed";
}

bool ApplicationChange::has_code_changes() const {
  return std::any_of(modules.begin(), modules.end(),
                     [](const auto& module) { return module.status != ModuleStatus::rebuilt; });
}

bool ReleaseDiff::is_empty() const {
  return from.erts == to.erts &&
         std::all_of(applications.begin(), applications.end(), [](const auto& application) {
           return application.status == ApplicationStatus::unchanged && application.modules.empty();
         });
}

ReleaseDiff compare_releases(const ReleaseTree& from, const ReleaseTree& to) {
  const auto identity = [](const ReleaseTree& tree) {
    return ReleaseIdentity{tree.name(), tree.version(), tree.release.rel.erts_version};
  };
  ReleaseDiff diff{identity(from), identity(to), {}, {}};
  const auto add = [&](const TreeApplication* before, const TreeApplication* after) {
    const TreeApplication& either = after != nullptr ? *after : *before;
    diff.applications.push_back({either.name, status_of(before, after),
                                 before == nullptr ? "" : before->version,
                                 after == nullptr ? "" : after->version,
                                 ModuleComparison(from, to, before, after).compare()});
  };
  for (const TreeApplication& application : to.applications) {
    add(from.find(application.name), &application);
  }
  for (const TreeApplication& application : from.applications) {
    if (to.find(application.name) == nullptr) add(&application, nullptr);
  }
  find_moves(diff.applications);
  StateComparison(diff.applications).compare();
  for (const ApplicationChange& application : diff.applications) {
    if (application.status == ApplicationStatus::unchanged && application.has_code_changes()) {
      diff.findings.push_back(same_version(application, to));
    }
  }
  return diff;
}

}  // namespace relup::diff
