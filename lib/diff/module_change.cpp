// SPDX-License-Identifier: Apache-2.0
#include "diff/module_change.hpp"

#include <algorithm>

namespace relup::diff {
namespace {

std::string path_of(const ModuleFolder& folder, Atom module) {
  return folder.directory + "/" + module.name() + ".beam";
}

std::string read(const ModuleFolder& folder, Atom module) {
  return folder.files->read(path_of(folder, module));
}

ModuleFacts facts_of(const ModuleFolder& folder, Atom module, std::string bytes) {
  return read_module_facts(folder.files->place(path_of(folder, module)), std::move(bytes));
}

ModuleFacts facts_of(const ModuleFolder& folder, Atom module) {
  return facts_of(folder, module, read(folder, module));
}

std::optional<ModuleChange> compare_module(const ModuleFolder& before, const ModuleFolder& after,
                                           Atom module) {
  std::string old_bytes = read(before, module);
  std::string new_bytes = read(after, module);
  if (old_bytes == new_bytes) return std::nullopt;
  ModuleChange change{module, ModuleStatus::rebuilt, {}, {}, {}, {}};
  change.old_facts = facts_of(before, module, std::move(old_bytes));
  change.new_facts = facts_of(after, module, std::move(new_bytes));
  if (beam::same_code(change.old_facts->identity, change.new_facts->identity)) {
    change.reasons.emplace_back("same code, compiled anew");
  } else {
    change.status = ModuleStatus::changed;
    change.reasons = reasons_of_change(*change.old_facts, *change.new_facts);
  }
  return change;
}

}  // namespace

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

std::vector<ModuleChange> compare_folders(const ModuleFolder& before, const ModuleFolder& after) {
  std::vector<Atom> all;
  std::set_union(before.modules.begin(), before.modules.end(), after.modules.begin(),
                 after.modules.end(), std::back_inserter(all));
  const auto has = [](const ModuleFolder& folder, Atom module) {
    return std::binary_search(folder.modules.begin(), folder.modules.end(), module);
  };
  std::vector<ModuleChange> changes;
  for (const Atom module : all) {
    if (!has(before, module)) {
      changes.push_back({module, ModuleStatus::added, {}, {}, facts_of(after, module), {}});
    } else if (!has(after, module)) {
      changes.push_back({module, ModuleStatus::removed, {}, facts_of(before, module), {}, {}});
    } else if (auto change = compare_module(before, after, module)) {
      changes.push_back(std::move(*change));
    }
  }
  return changes;
}

}  // namespace relup::diff
