// SPDX-License-Identifier: Apache-2.0
#include "live/loaded_code.hpp"

#include <algorithm>
#include <map>

#include "base/hex.hpp"
#include "beam/file/code_identity.hpp"

namespace relup::live {
namespace {

using release::ReleaseTree;
using release::TreeApplication;

// A release of Mix runs its protocols consolidated (generate/protocol_switch.hpp).
std::string path_of_running(const ReleaseTree& tree, const TreeApplication& application,
                            Atom module) {
  const std::string consolidated = tree.consolidated_path(module);
  return tree.reference.files->exists(consolidated) ? consolidated
                                                    : ReleaseTree::beam_path(application, module);
}

std::map<Atom, const TreeApplication*> owners_in(const ReleaseTree& tree) {
  std::map<Atom, const TreeApplication*> owners;
  for (const TreeApplication& application : tree.applications) {
    for (const Atom module : application.beam_modules)
      owners.emplace(module, &application);
  }
  return owners;
}

void compare_versions(AgentVerbs& agent, const ReleaseTree& tree,
                      std::vector<MemoryDifference>& differences) {
  for (const auto& [name, version] : agent.applications()) {
    const TreeApplication* application = tree.find(name);
    if (application == nullptr || application->version == version) continue;
    differences.push_back({std::nullopt, "application " + name.name() + " is " + version +
                                             ", not " + application->version});
  }
}

}  // namespace

std::optional<std::string> running_beam(const ReleaseTree& tree, Atom module) {
  for (const TreeApplication& application : tree.applications) {
    const std::vector<Atom>& modules = application.beam_modules;
    if (std::find(modules.begin(), modules.end(), module) != modules.end())
      return path_of_running(tree, application, module);
  }
  return std::nullopt;
}

std::vector<MemoryDifference> differences_in_memory(AgentVerbs& agent, const ReleaseTree& tree) {
  const std::map<Atom, const TreeApplication*> owners = owners_in(tree);
  std::vector<Atom> modules;
  for (const auto& owner : owners)
    modules.push_back(owner.first);
  std::vector<MemoryDifference> differences;
  compare_versions(agent, tree, differences);
  for (const auto& [module, digest] : agent.loaded(modules)) {
    const std::string path = path_of_running(tree, *owners.at(module), module);
    const beam::BeamFile file(tree.reference.files->place(path), tree.reference.files->read(path));
    const Md5Digest expected = beam::module_md5(file);
    const Term::Bits* live = digest.as_bits();
    if (live != nullptr && live->bytes == bytes_of(expected)) continue;
    differences.push_back({module, module.name() + " in memory is " +
                                       (live == nullptr ? "unknown" : hex(live->bytes)) + ", " +
                                       path + " is " + hex(bytes_of(expected))});
  }
  return differences;
}

}  // namespace relup::live
