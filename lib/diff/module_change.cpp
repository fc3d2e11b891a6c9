// SPDX-License-Identifier: Apache-2.0
#include "diff/module_change.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "beam/source/same_source.hpp"

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
  const bool was = has(pair.old_folder, module);
  const bool is = has(pair.new_folder, module);
  if (was && is) return compare_module(pair, module);
  const ModuleFolder& folder = is ? pair.new_folder : pair.old_folder;
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
  pair.old_folder.files->read_into(path_of(pair.old_folder, module), old_bytes);
  pair.new_folder.files->read_into(path_of(pair.new_folder, module), new_bytes);
  if (old_bytes.bytes() == new_bytes.bytes()) return std::nullopt;
  const beam::BeamFile old_beam = open(pair.old_folder, module, std::string(old_bytes.bytes()));
  const beam::BeamFile new_beam = open(pair.new_folder, module, std::string(new_bytes.bytes()));
  const beam::CodeDifference difference = beam::compare_code(old_beam, new_beam);
  ModuleChange change{module, ModuleStatus::rebuilt};
  change.old_facts = facts_of(pair.old_folder, module, old_beam);
  change.new_facts = facts_of(pair.new_folder, module, new_beam);
  change.changes_code = difference.any() && !beam::is_same_source(old_beam, new_beam);
  change.only_attributes =
      difference.attributes && !difference.instructions && !difference.literals;
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
    const auto& [old_folder, new_folder] = pairs[pair];
    std::vector<Atom> all;
    std::set_union(old_folder.modules.begin(), old_folder.modules.end(), new_folder.modules.begin(),
                   new_folder.modules.end(), std::back_inserter(all));
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
