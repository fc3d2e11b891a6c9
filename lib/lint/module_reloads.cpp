// SPDX-License-Identifier: Apache-2.0
#include "lint/module_reloads.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using appup::Action;
using appup::Purge;

struct Purges {
  Atom module;
  Purge before;
  Purge after;
};

std::optional<Purges> purges_of(const Action& action) {
  if (const auto* update = std::get_if<appup::Update>(&action)) {
    return Purges{update->module, update->pre_purge, update->post_purge};
  }
  if (const auto* load = std::get_if<appup::LoadModule>(&action)) {
    return Purges{load->module, load->pre_purge, load->post_purge};
  }
  if (const auto* load = std::get_if<appup::Load>(&action)) {
    return Purges{load->module, load->pre_purge, load->post_purge};
  }
  return std::nullopt;
}

void add_reloads(const UpgradeView& view, const ParsedEntry* entry, std::vector<Reload>& reloads) {
  if (entry == nullptr || entry->restarts()) return;
  StoppedProcesses stopped;
  for (const ParsedInstruction& instruction : entry->instructions) {
    if (!instruction.action) continue;
    stopped.follow(*instruction.action);
    const auto purges = purges_of(*instruction.action);
    if (!purges) continue;
    const diff::ModuleChange* change = view.releases.change_of_module(purges->module);
    if (change == nullptr || !change->changes_code) continue;
    const beam::CallGraph* graph =
        view.releases.call_graph(departing(entry->direction), purges->module);
    if (graph == nullptr) continue;
    Reload reload{entry, &instruction, purges->module, purges->before, purges->after, graph, {}};
    if (!stopped.may_have_those_of(purges->module)) reload.loops = graph->endless_loops();
    reloads.push_back(std::move(reload));
  }
}

}  // namespace

std::vector<Reload> reloads_of(const UpgradeView& view) {
  std::vector<Reload> reloads;
  add_reloads(view, view.up, reloads);
  add_reloads(view, view.down, reloads);
  return reloads;
}

void StoppedProcesses::follow(const appup::Action& action) {
  if (std::holds_alternative<appup::Apply>(action)) may_have_all_ = true;
  if (const auto* stop = std::get_if<appup::Stop>(&action)) {
    modules_.insert(stop->modules.begin(), stop->modules.end());
  }
}

bool StoppedProcesses::may_have_those_of(Atom module) const {
  return may_have_all_ || modules_.contains(module);
}

std::set<Atom> suspended_modules(const ParsedEntry& entry) {
  std::set<Atom> modules;
  for (const ParsedInstruction& instruction : entry.instructions) {
    if (!instruction.action) continue;
    if (const auto* update = std::get_if<appup::Update>(&*instruction.action)) {
      modules.insert(update->module);
    }
    if (const auto* suspend = std::get_if<appup::Suspend>(&*instruction.action)) {
      for (const auto& target : suspend->targets)
        modules.insert(target.module);
    }
  }
  return modules;
}

std::string function_name(Atom module, const beam::FunctionCode& function) {
  return print_function(module.name(), function.name.name(), function.arity);
}

std::string function_names(Atom module, const std::vector<const beam::FunctionCode*>& functions) {
  constexpr std::size_t most = 3;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(most, functions.size()); ++i)
    names.push_back(function_name(module, *functions[i]));
  const std::size_t others = functions.size() - names.size();
  return joined(names) + (others > 0 ? " and " + std::to_string(others) + " more" : "");
}

}  // namespace relup::lint
