// SPDX-License-Identifier: Apache-2.0
#include "diff/module_change.hpp"

#include <algorithm>

#include "base/parallel.hpp"

namespace relup::diff {
namespace {

std::string path_of(const ModuleFolder& folder, Atom module) {
  return folder.directory + "/" + module.name() + ".beam";
}

std::string read(const ModuleFolder& folder, Atom module) {
  return folder.files->read(path_of(folder, module));
}

ModuleFacts facts_of(const ModuleFolder& folder, Atom module, std::string bytes,
                     DebugInformation debug_information) {
  return read_module_facts(folder.files->place(path_of(folder, module)), std::move(bytes),
                           debug_information);
}

bool has(const ModuleFolder& folder, Atom module) {
  return std::binary_search(folder.modules.begin(), folder.modules.end(), module);
}

std::optional<ModuleChange> compare(const FolderPair& pair, Atom module) {
  const bool was = has(pair.before, module);
  const bool is = has(pair.after, module);
  if (was && is) return compare_module(pair, module);
  const ModuleFolder& folder = is ? pair.after : pair.before;
  ModuleChange change{module, is ? ModuleStatus::added : ModuleStatus::removed, {}, {}, {}, {}};
  (is ? change.new_facts : change.old_facts) =
      facts_of(folder, module, read(folder, module), DebugInformation::leave);
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

bool ModuleChange::changes_code() const {
  return old_facts && new_facts && !beam::same_code(old_facts->identity, new_facts->identity);
}

std::optional<ModuleChange> compare_module(const FolderPair& pair, Atom module) {
  std::string old_bytes = read(pair.before, module);
  std::string new_bytes = read(pair.after, module);
  if (old_bytes == new_bytes) return std::nullopt;
  ModuleChange change{module, ModuleStatus::rebuilt, {}, {}, {}, {}};
  const auto facts = [&](const ModuleFolder& folder, std::string bytes) {
    return facts_of(folder, module, std::move(bytes), DebugInformation::read);
  };
  change.old_facts = facts(pair.before, std::move(old_bytes));
  change.new_facts = facts(pair.after, std::move(new_bytes));
  if (beam::same_code(change.old_facts->identity, change.new_facts->identity)) {
    change.reasons.emplace_back("same code, compiled anew");
  } else {
    change.status = ModuleStatus::changed;
    change.reasons = reasons_of_change(*change.old_facts, *change.new_facts);
  }
  return change;
}

std::vector<std::vector<ModuleChange>> compare_folders(const std::vector<FolderPair>& pairs) {
  struct Task {
    std::size_t pair;
    Atom module;
  };
  std::vector<Task> tasks;
  for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
    const auto& [before, after] = pairs[pair];
    std::vector<Atom> all;
    std::set_union(before.modules.begin(), before.modules.end(), after.modules.begin(),
                   after.modules.end(), std::back_inserter(all));
    for (const Atom module : all)
      tasks.push_back({pair, module});
  }
  std::vector<std::optional<ModuleChange>> found(tasks.size());
  for_each_index(tasks.size(), [&](std::size_t index) {
    found[index] = compare(pairs[tasks[index].pair], tasks[index].module);
  });
  std::vector<std::vector<ModuleChange>> changes(pairs.size());
  for (std::size_t index = 0; index < tasks.size(); ++index) {
    if (found[index]) changes[tasks[index].pair].push_back(std::move(*found[index]));
  }
  return changes;
}

}  // namespace relup::diff
