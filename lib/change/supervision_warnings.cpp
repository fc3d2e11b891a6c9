// SPDX-License-Identifier: Apache-2.0
#include "change/supervision_warnings.hpp"

#include <algorithm>

#include "plan/supervision_findings.hpp"

namespace relup::change {
namespace {

// Its processes start anew, from the new code.
bool stops(const std::vector<appup::Action>& actions, Atom application) {
  return std::any_of(actions.begin(), actions.end(), [&](const appup::Action& action) {
    const auto* apply = std::get_if<appup::Apply>(&action);
    return apply != nullptr && apply->module == "application" && apply->function == "stop" &&
           apply->arguments == Term::list({Term(application)});
  });
}

}  // namespace

void add_supervision_warnings(const diff::ApplicationChange& application,
                              const host::ScriptSummary& script, LiveDataFindings& found) {
  const std::vector<appup::Action> actions = host::actions_of(script);
  if (stops(actions, application.name)) return;
  for (const diff::ModuleChange& module : application.modules) {
    const bool is_loaded =
        std::find(script.loaded.begin(), script.loaded.end(), module.name) != script.loaded.end();
    if (!module.changes_code || !is_loaded) continue;
    const plan::SupervisorCare care = plan::care_of(module, actions, script.direction);
    for (const plan::SupervisorFinding& finding : plan::supervisor_findings(module, care)) {
      std::string text = finding.message;
      for (const std::string& note : finding.notes)
        text += "; " + note;
      const bool is_note = finding.severity == Severity::note;
      (is_note ? found.notes : found.warnings).push_back(std::move(text));
    }
  }
}

}  // namespace relup::change
