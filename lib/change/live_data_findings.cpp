// SPDX-License-Identifier: Apache-2.0
#include "change/live_data_findings.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "change/supervision_warnings.hpp"
#include "diff/live_data_in_words.hpp"
#include "diff/release_diff.hpp"

namespace relup::change {
namespace {

using diff::LiveDataChange;

bool calls_code_change(const host::ScriptSummary& script, Atom module) {
  return std::any_of(script.state_changes.begin(), script.state_changes.end(),
                     [&](const auto& each) { return each.module == module; });
}

bool matters(const LiveDataChange& change, appup::Direction direction) {
  if (change.way == LiveDataChange::Way::both) return true;
  return (change.way == LiveDataChange::Way::up) == (direction == appup::Direction::up);
}

void add(const diff::ModuleChange& module, const host::ScriptSummary& script,
         LiveDataFindings& found) {
  for (const LiveDataChange& change : module.live_data) {
    if (!matters(change, script.direction)) continue;
    const bool is_seen_to = change.care == LiveDataChange::Care::by_code_change &&
                            calls_code_change(script, module.name);
    if (is_seen_to) continue;
    std::string text = diff::describe(module, change);
    for (const std::string& advice : diff::advice_for(module, change))
      text += "; " + advice;
    const bool is_note = diff::severity_of(change) == Severity::note;
    (is_note ? found.notes : found.warnings).push_back(std::move(text));
  }
}

}  // namespace

LiveDataFindings live_data_findings(const ProposedChange& change) {
  LiveDataFindings found;
  if (!change.script || change.script->restarts_emulator) return found;
  const bool up = change.script->direction == appup::Direction::up;
  try {
    // It is the newer release whose code_change is called, on both ways.
    const diff::ReleaseDiff diff = diff::compare_releases(
        up ? change.old_release : change.new_release, up ? change.new_release : change.old_release);
    for (const diff::ApplicationChange& application : diff.applications) {
      if (!application.changes_version()) continue;
      for (const diff::ModuleChange& module : application.modules)
        add(module, *change.script, found);
      add_supervision_warnings(application, *change.script, found);
    }
  } catch (const Error&) {
    return {};
  }
  return found;
}

}  // namespace relup::change
