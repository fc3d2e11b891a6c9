// SPDX-License-Identifier: Apache-2.0
#include "lint/reloads.hpp"

#include <algorithm>

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

bool names_module(const std::vector<Atom>& modules, Atom module) {
  return std::find(modules.begin(), modules.end(), module) != modules.end();
}

void add_reloads(const UpgradeView& view, const EntryView* entry, std::vector<Reload>& reloads) {
  if (entry == nullptr || entry->restarts()) return;
  for (const InstructionView& instruction : entry->instructions) {
    const auto purges = instruction.action ? purges_of(*instruction.action) : std::nullopt;
    if (!purges) continue;
    const diff::ModuleChange* change = view.releases.change_of_module(purges->module);
    if (change == nullptr || !change->changes_code) continue;
    const beam::CallGraph* graph =
        view.releases.call_graph(departing(entry->direction), purges->module);
    if (graph == nullptr) continue;
    Reload reload{entry, &instruction, purges->module, purges->before, purges->after, graph, {}};
    if (!may_be_stopped(*entry, instruction, purges->module)) {
      reload.loops = graph->endless_loops();
    }
    reloads.push_back(std::move(reload));
  }
}

// The terms of a written instruction that say how to purge, the one for before first; empty in a
// short form.
Term::Elements purge_terms(const Term& instruction) {
  const Term::Elements* parts = instruction.as_tuple();
  if (parts == nullptr) return {};
  const std::size_t size = parts->size();
  const bool is_load_module = instruction.is_tagged("load_module", 5);
  const bool is_update = size >= 6 && parts->front().is_atom("update");
  if (is_load_module || is_update) return {(*parts)[size - 3], (*parts)[size - 2]};
  const Term::Elements* load = instruction.is_tagged("load", 2) ? (*parts)[1].as_tuple() : nullptr;
  return load != nullptr && load->size() == 3 ? Term::Elements{(*load)[1], (*load)[2]}
                                              : Term::Elements{};
}

// What turns a short form into the full one.
std::optional<Edit> lengthening(const Term::Elements& parts) {
  const std::string purges = "soft_purge, soft_purge, ";
  const std::size_t size = parts.size();
  const Term& last = parts.back();
  const Edit in_front{{last.span().begin, last.span().begin}, purges};
  const Edit behind{{last.span().end, last.span().end}, ", " + purges + "[]"};
  if (parts.front().is_atom("load_module")) {
    if (size == 2) return behind;
    return size == 3 ? std::optional(in_front) : std::nullopt;
  }
  if (!parts.front().is_atom("update")) return std::nullopt;
  if (size == 4) return in_front;
  if (size == 2) return Edit{behind.span, ", soft" + behind.text};
  if (size != 3) return std::nullopt;
  if (last.is_atom("supervisor")) {
    return Edit{last.span(), "static, default, {advanced, []}, " + purges + "[]"};
  }
  return last.is_list() ? Edit{in_front.span, "soft, " + purges} : behind;
}

}  // namespace

std::vector<Reload> reloads_of(const UpgradeView& view) {
  std::vector<Reload> reloads;
  add_reloads(view, view.up, reloads);
  add_reloads(view, view.down, reloads);
  return reloads;
}

bool may_be_stopped(const EntryView& entry, const InstructionView& instruction, Atom module) {
  for (const InstructionView& earlier : entry.instructions) {
    if (&earlier == &instruction) break;
    if (!earlier.action) continue;
    if (std::holds_alternative<appup::Apply>(*earlier.action)) return true;
    const auto* stop = std::get_if<appup::Stop>(&*earlier.action);
    if (stop != nullptr && names_module(stop->modules, module)) return true;
  }
  return false;
}

std::set<Atom> suspended_modules(const EntryView& entry) {
  std::set<Atom> modules;
  for (const InstructionView& instruction : entry.instructions) {
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
  std::string names;
  for (std::size_t i = 0; i < std::min(most, functions.size()); ++i)
    names += (names.empty() ? "" : ", ") + function_name(module, *functions[i]);
  if (functions.size() > most) names += " and " + std::to_string(functions.size() - most) + " more";
  return names;
}

Span before_span(const Term& instruction) {
  const Term::Elements purges = purge_terms(instruction);
  return purges.empty() ? instruction.span() : purges.front().span();
}

Span after_span(const Term& instruction) {
  const Term::Elements purges = purge_terms(instruction);
  return purges.empty() ? instruction.span() : purges.back().span();
}

std::optional<Fix> soft_purge_fix(const Term& instruction) {
  Fix fix{"write soft_purge for both purges", {}};
  for (const Term& purge : purge_terms(instruction)) {
    if (purge.is_atom("brutal_purge")) fix.edits.push_back({purge.span(), "soft_purge"});
  }
  if (!fix.edits.empty()) return fix;
  const Term::Elements* parts = instruction.as_tuple();
  const auto edit = parts == nullptr ? std::nullopt : lengthening(*parts);
  if (!edit) return std::nullopt;
  fix.edits.push_back(*edit);
  return fix;
}

}  // namespace relup::lint
