// SPDX-License-Identifier: Apache-2.0
//
// The beam travels in the relup: a path would have to be absolute, and nobody knows at build time
// where the release will lie.

#include "generate/protocol_switch.hpp"

#include <algorithm>
#include <set>

namespace relup::generate {
namespace {

using appup::Apply;
using diff::ModuleChange;

// The implementation of Shop.Display for Shop.Cart is Shop.Display.Shop.Cart.
bool is_implementation(Atom module, Atom protocol) {
  return module.name().starts_with(protocol.name() + ".");
}

// Behind the last implementation that comes, and behind whatever replaces the protocol itself; in
// front of the first implementation that goes, where that is no earlier.
std::size_t place_of(Atom protocol, const Script& script, const std::set<Atom>& changed) {
  std::size_t place = 0;
  std::size_t first_removed = 0;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const appup::Action& action = script[i].action;
    if (std::holds_alternative<appup::PointOfNoReturn>(action)) place = i + 1;
    if (const auto* load = std::get_if<appup::Load>(&action)) {
      const bool comes =
          is_implementation(load->module, protocol) && !changed.contains(load->module);
      if (comes || load->module == protocol) place = i + 1;
    }
    const auto* remove = std::get_if<appup::Remove>(&action);
    const bool goes = remove != nullptr && is_implementation(remove->module, protocol);
    if (goes && first_removed == 0) first_removed = i;
  }
  return std::max(place, first_removed);
}

// Modules that both releases have: the protocol of either knows them.
std::set<Atom> changed_modules(const diff::ReleaseDiff& diff) {
  std::set<Atom> changed;
  for (const diff::ApplicationChange& application : diff.applications) {
    for (const ModuleChange& module : application.modules) {
      if (module.changes_code) changed.insert(module.name);
    }
  }
  return changed;
}

appup::Instruction call_code(std::string_view function, Term::Elements arguments) {
  return {Apply{Atom("code"), Atom(function), Term::list(std::move(arguments))}, nullptr, {}};
}

void switch_protocol(Atom protocol, const release::ReleaseTree& target,
                     const std::set<Atom>& changed, Script& script) {
  const std::string path = target.consolidated_path(protocol);
  const Term beam = Term::binary(target.reference.files->read(path));
  const auto place =
      script.begin() + static_cast<std::ptrdiff_t>(place_of(protocol, script, changed));
  script.insert(place, {call_code("load_binary", {Term(protocol), Term::string(path), beam}),
                        call_code("soft_purge", {Term(protocol)})});
}

bool restarts_first(const Script& script) {
  return !script.empty() &&
         std::holds_alternative<appup::RestartNewEmulator>(script.front().action);
}

}  // namespace

void switch_protocols(const diff::ReleaseDiff& diff, const release::ReleaseTree& target,
                      Script& script) {
  if (restarts_first(script)) return;
  const std::set<Atom> changed = changed_modules(diff);
  for (const ModuleChange& change : diff.protocols) {
    const bool differs = change.status != diff::ModuleStatus::rebuilt;
    if (differs && target.reference.files->exists(target.consolidated_path(change.name))) {
      switch_protocol(change.name, target, changed, script);
    }
  }
}

}  // namespace relup::generate
