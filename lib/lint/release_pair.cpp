// SPDX-License-Identifier: Apache-2.0
#include "lint/release_pair.hpp"

#include "base/parallel.hpp"

namespace relup::lint {
namespace {

using diff::ModuleChange;
using diff::ModuleStatus;
using release::ReleaseTree;
using release::TreeApplication;

// The value of `key`, made by `make` when somebody first asks for it.
template <typename Map, typename Make>
auto& kept(Map& map, Atom key, Make make) {
  const auto found = map.find(key);
  return found != map.end() ? found->second : map.emplace(key, make()).first->second;
}

}  // namespace

Side departing(appup::Direction direction) {
  return direction == appup::Direction::up ? Side::from : Side::to;
}

Side arriving(appup::Direction direction) {
  return direction == appup::Direction::up ? Side::to : Side::from;
}

ReleasePair::Known::Known(const ReleaseTree& tree) {
  for (const TreeApplication& application : tree.applications) {
    for (const Atom module : application.beam_modules)
      owners.emplace(module, &application);
  }
  for (const release::Application& application : tree.release.applications) {
    const release::AppFile& file = application.file;
    needed_applications.insert(file.applications.begin(), file.applications.end());
    needed_applications.insert(file.included_applications.begin(),
                               file.included_applications.end());
  }
}

ReleasePair::ReleasePair(const ReleaseTree& from, const ReleaseTree& to,
                         const policy::Policy& policy)
    : from_(from),
      to_(to),
      policy_(policy),
      diff_(diff::compare_releases(from, to)),
      old_(from),
      new_(to) {
  for (const diff::ApplicationChange& application : diff_.applications) {
    applications_.emplace(application.name, &application);
    for (const ModuleChange& module : application.modules) {
      const bool moved_away = module.status == ModuleStatus::moved && !module.new_facts;
      if (!moved_away || !modules_.contains(module.name)) modules_[module.name] = &module;
    }
  }
}

const diff::ApplicationChange* ReleasePair::change(Atom application) const {
  const auto found = applications_.find(application);
  return found == applications_.end() ? nullptr : found->second;
}

const ModuleChange* ReleasePair::change_of_module(Atom module) const {
  const auto found = modules_.find(module);
  return found == modules_.end() ? nullptr : found->second;
}

const TreeApplication* ReleasePair::owner(Side side, Atom module) const {
  const auto& owners = known(side).owners;
  const auto found = owners.find(module);
  return found == owners.end() ? nullptr : found->second;
}

const facts::ModuleFacts* ReleasePair::facts(Side side, Atom module) const {
  if (owner(side, module) == nullptr) return nullptr;
  if (const ModuleChange* change = change_of_module(module)) {
    const auto& found = side == Side::from ? change->old_facts : change->new_facts;
    if (found) return &*found;
  }
  return &kept(known(side).module_facts, module, [&] { return read_facts(side, module); });
}

const beam::CallGraph* ReleasePair::call_graph(Side side, Atom module) const {
  if (owner(side, module) == nullptr) return nullptr;
  return &kept(known(side).call_graphs, module, [&] { return read_call_graph(side, module); });
}

beam::CallGraph ReleasePair::read_call_graph(Side side, Atom module) const {
  beam::CallGraph graph(file(side, module));
  graph.forget_steps();
  return graph;
}

void ReleasePair::read_call_graphs(Side side, const std::vector<Atom>& modules) const {
  std::vector<std::optional<beam::CallGraph>> read(modules.size());
  for_each_index(modules.size(), [&](std::size_t index) {
    if (owner(side, modules[index]) != nullptr)
      read[index].emplace(read_call_graph(side, modules[index]));
  });
  for (std::size_t index = 0; index < modules.size(); ++index) {
    if (read[index]) known(side).call_graphs.emplace(modules[index], std::move(*read[index]));
  }
}

const beam::SourceCode* ReleasePair::source(Side side, Atom module) const {
  if (owner(side, module) == nullptr) return nullptr;
  const auto& source =
      kept(known(side).sources, module, [&] { return beam::read_source_code(file(side, module)); });
  return source ? &*source : nullptr;
}

const SupervisedModules& ReleasePair::supervised_modules(Side side,
                                                         const TreeApplication& application) const {
  return kept(known(side).supervised, application.name,
              [&] { return find_supervised_modules(*this, side, application); });
}

const std::vector<MisdeclaredChild>& ReleasePair::misdeclared_children(Side side) const {
  auto& found = known(side).misdeclared;
  if (!found) found = find_misdeclared_children(*this, side);
  return *found;
}

bool ReleasePair::is_needed_by_others(Side side, Atom application) const {
  return known(side).needed_applications.contains(application);
}

facts::ModuleFacts ReleasePair::read_facts(Side side, Atom module) const {
  const beam::BeamFile beam = file(side, module);
  facts::ModuleFacts facts = facts::read_module_facts(beam);
  facts.module_source = std::make_shared<const beam::ModuleSource>(
      beam.name(),
      [files = tree(side).reference.files,
       path = ReleaseTree::beam_path(*owner(side, module), module)] { return files->read(path); });
  return facts;
}

beam::BeamFile ReleasePair::file(Side side, Atom module) const {
  const std::string path = ReleaseTree::beam_path(*owner(side, module), module);
  const release::ReleaseFiles& files = *tree(side).reference.files;
  return {files.place(path), files.read(path)};
}

}  // namespace relup::lint
