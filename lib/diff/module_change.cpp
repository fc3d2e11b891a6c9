// SPDX-License-Identifier: Apache-2.0
#include "diff/module_change.hpp"

#include <algorithm>

#include "base/parallel.hpp"

namespace relup::diff {
namespace {

std::string path_of(const ModuleFolder& folder, Atom module) {
  return folder.directory + "/" + module.name() + ".beam";
}

// For a file that is there in full already.
facts::ModuleFacts facts_of(const ModuleFolder& folder, Atom module, const beam::BeamFile& beam) {
  facts::ModuleFacts facts = facts::read_module_facts(beam);
  facts.module_source = std::make_shared<const beam::ModuleSource>(
      beam.name(),
      [files = folder.files, path = path_of(folder, module)] { return files->read(path); });
  return facts;
}

beam::BeamFile open(const ModuleFolder& folder, Atom module, std::string bytes) {
  return {folder.files->place(path_of(folder, module)), std::move(bytes)};
}

bool has(const ModuleFolder& folder, Atom module) {
  return std::binary_search(folder.modules.begin(), folder.modules.end(), module);
}

std::optional<ModuleChange> compare(const FolderPair& pair, Atom module) {
  const bool was = has(pair.before, module);
  const bool is = has(pair.after, module);
  if (was && is) return compare_module(pair, module);
  const ModuleFolder& folder = is ? pair.after : pair.before;
  ModuleChange change{module, is ? ModuleStatus::added : ModuleStatus::removed};
  std::string bytes = folder.files->read(path_of(folder, module));
  (is ? change.new_facts : change.old_facts) =
      facts::read_module_facts(open(folder, module, std::move(bytes)));
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

std::optional<ModuleChange> compare_module(const FolderPair& pair, Atom module) {
  // Most modules are equal: those take no memory of their own.
  static thread_local ReadBuffer old_bytes;
  static thread_local ReadBuffer new_bytes;
  pair.before.files->read_into(path_of(pair.before, module), old_bytes);
  pair.after.files->read_into(path_of(pair.after, module), new_bytes);
  if (old_bytes.bytes() == new_bytes.bytes()) return std::nullopt;
  const beam::BeamFile before = open(pair.before, module, std::string(old_bytes.bytes()));
  const beam::BeamFile after = open(pair.after, module, std::string(new_bytes.bytes()));
  const beam::CodeDifference difference = beam::compare_code(before, after);
  ModuleChange change{module, ModuleStatus::rebuilt};
  change.old_facts = facts_of(pair.before, module, before);
  change.new_facts = facts_of(pair.after, module, after);
  change.changes_code = difference.any();
  if (change.changes_code) {
    change.status = ModuleStatus::changed;
    change.code_reasons =
        facts::reasons_of_change(*change.old_facts, *change.new_facts, difference);
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
