// SPDX-License-Identifier: Apache-2.0
#include "change/node_forecast.hpp"

#include <algorithm>
#include <set>

#include "base/words.hpp"
#include "beam/code/call_graph.hpp"
#include "beam/file/code_identity.hpp"
#include "live/loaded_code.hpp"

namespace relup::change {
namespace {

using live::FunctionName;

std::optional<beam::BeamFile> beam_of(const release::ReleaseTree& tree, Atom module) {
  const auto path = live::running_beam(tree, module);
  if (!path) return std::nullopt;
  return beam::BeamFile(tree.reference.files->place(*path), tree.reference.files->read(*path));
}

std::vector<FunctionName> names_of(const std::vector<const beam::FunctionCode*>& functions) {
  std::vector<FunctionName> names;
  names.reserve(functions.size());
  for (const beam::FunctionCode* function : functions)
    names.emplace_back(function->name, function->arity);
  return names;
}

std::set<FunctionName> exports_of(const std::optional<beam::BeamFile>& file) {
  std::set<FunctionName> names;
  if (!file) return names;
  for (const beam::Function& function : file->exports())
    names.emplace(function.name, function.arity);
  return names;
}

// The place of the message among the arguments of a function that starts a timer.
std::optional<std::size_t> message_of_timer(const beam::Import& called) {
  const bool is_timer = called.function == "send_after" || called.function == "start_timer";
  if (is_timer && called.module == "erlang") return 2;
  if (called.function == "send_after" && called.module == "Elixir.Process") return 1;
  return std::nullopt;
}

// With a message that is not just an atom.
bool starts_timers(const beam::ModuleCode& code) {
  const auto is_start = [&](const beam::CodeStep& step) {
    if (step.kind != beam::CodeStep::Kind::external_call) return false;
    const auto message = message_of_timer(code.imports.at(step.called));
    return message && !step.arguments.at(*message);
  };
  return std::any_of(code.functions.begin(), code.functions.end(), [&](const auto& function) {
    return std::any_of(function.steps.begin(), function.steps.end(), is_start);
  });
}

// A module that leaves is no more in the new release, or is in it and is not run.
live::ChangedModule look_at(Atom module, const ProposedChange& change) {
  live::ChangedModule changed{module, std::nullopt, {}, {}, {}, false, false};
  const auto before = beam_of(change.old_release, module);
  const auto& removed = change.script->removed;
  const bool leaves = std::find(removed.begin(), removed.end(), module) != removed.end();
  const auto after = leaves ? std::nullopt : beam_of(change.new_release, module);
  if (after) changed.new_md5 = std::string(bytes_of(beam::module_md5(*after)));
  if (!before) return changed;  // nobody can run or hold what is new
  const std::set<FunctionName> kept = exports_of(after);
  for (const FunctionName& name : exports_of(before)) {
    if (!kept.contains(name)) changed.gone.push_back(name);
  }
  const beam::CallGraph graph(*before);
  changed.captive = names_of(graph.captive_functions());
  changed.recursive = names_of(graph.recursive_functions());
  const auto& functions = graph.code().functions;
  changed.makes_funs =
      !graph.code().is_complete ||
      std::any_of(functions.begin(), functions.end(),
                  [](const beam::FunctionCode& function) { return !function.funs.empty(); });
  changed.starts_timers = starts_timers(graph.code());
  return changed;
}

// What a timer will send is shown to nobody. So who may have put a function there is told.
void note_unread_timers(const std::vector<live::ChangedModule>& changed, live::Forecast& forecast) {
  std::vector<std::string> names;
  for (const live::ChangedModule& each : changed) {
    if (each.starts_timers && (each.makes_funs || !each.gone.empty()))
      names.push_back(each.module.name());
  }
  if (names.empty()) return;
  forecast.unread.push_back("messages of timers that " + joined(names) +
                            (names.size() == 1 ? " has started" : " have started") +
                            " (erlang:send_after/3 and the like), for nobody to read");
}

std::vector<Atom> sorted(std::vector<Atom> modules) {
  std::sort(modules.begin(), modules.end());
  modules.erase(std::unique(modules.begin(), modules.end()), modules.end());
  return modules;
}

}  // namespace

const live::Forecast& forecast_of(const NodeView& view) {
  if (view.findings.forecast) return *view.findings.forecast;
  live::ForecastQuestion question{sorted(view.script->suspended), {}, view.depth};
  for (const Atom module : sorted(view.script->loaded)) {
    question.changed.push_back(view.change != nullptr
                                   ? look_at(module, *view.change)
                                   : live::ChangedModule{module, "", {}, {}, {}, false, false});
  }
  view.findings.forecast = view.agent.forecast(question);
  note_unread_timers(question.changed, *view.findings.forecast);
  return *view.findings.forecast;
}

}  // namespace relup::change
