// SPDX-License-Identifier: Apache-2.0
#include "lint/release_pair.hpp"

namespace relup::lint {
namespace {

using diff::ModuleChange;
using diff::ModuleStatus;
using release::ReleaseTree;
using release::TreeApplication;

std::map<Atom, const TreeApplication*> owners_of(const ReleaseTree& tree) {
  std::map<Atom, const TreeApplication*> owners;
  for (const TreeApplication& application : tree.applications) {
    for (const Atom module : application.beam_modules)
      owners.emplace(module, &application);
  }
  return owners;
}

}  // namespace

Side departing(appup::Direction direction) {
  return direction == appup::Direction::up ? Side::from : Side::to;
}

Side arriving(appup::Direction direction) {
  return direction == appup::Direction::up ? Side::to : Side::from;
}

ReleasePair::ReleasePair(const ReleaseTree& from, const ReleaseTree& to,
                         const policy::Policy& policy)
    : from_(from),
      to_(to),
      policy_(policy),
      diff_(diff::compare_releases(from, to)),
      old_owners_(owners_of(from)),
      new_owners_(owners_of(to)) {
  for (const diff::ApplicationChange& application : diff_.applications) {
    for (const ModuleChange& module : application.modules) {
      const bool moved_away = module.status == ModuleStatus::moved && !module.new_facts;
      if (!moved_away || !changed_.contains(module.name)) changed_[module.name] = &module;
    }
  }
}

const diff::ApplicationChange* ReleasePair::change(Atom application) const {
  return diff_.find(application);
}

const ModuleChange* ReleasePair::change_of_module(Atom module) const {
  const auto found = changed_.find(module);
  return found == changed_.end() ? nullptr : found->second;
}

const TreeApplication* ReleasePair::owner(Side side, Atom module) const {
  const Owners& owners = side == Side::from ? old_owners_ : new_owners_;
  const auto found = owners.find(module);
  return found == owners.end() ? nullptr : found->second;
}

const facts::ModuleFacts* ReleasePair::facts(Side side, Atom module) const {
  if (owner(side, module) == nullptr) return nullptr;
  if (const ModuleChange* change = change_of_module(module)) {
    const auto& known = side == Side::from ? change->old_facts : change->new_facts;
    if (known) return &*known;
  }
  auto found = read_.find({side, module});
  if (found == read_.end()) {
    found = read_.emplace(std::pair(side, module), read_facts(side, module)).first;
  }
  return &found->second;
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

const beam::CallGraph* ReleasePair::call_graph(Side side, Atom module) const {
  if (owner(side, module) == nullptr) return nullptr;
  auto found = graphs_.find({side, module});
  if (found == graphs_.end()) {
    found = graphs_.emplace(std::pair(side, module), beam::CallGraph(file(side, module))).first;
  }
  return &found->second;
}

beam::BeamFile ReleasePair::file(Side side, Atom module) const {
  const std::string path = ReleaseTree::beam_path(*owner(side, module), module);
  const release::ReleaseFiles& files = *tree(side).reference.files;
  return {files.place(path), files.read(path)};
}

}  // namespace relup::lint
