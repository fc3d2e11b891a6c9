// SPDX-License-Identifier: Apache-2.0
#include "plan/live_data_check.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "diff/live_data_in_words.hpp"
#include "plan/supervision.hpp"

namespace relup::plan {
namespace {

using diff::LiveDataChange;
using diff::ModuleChange;

Diagnostic finding_of(const ModuleChange& module, const LiveDataChange& change,
                      const std::string& ebin) {
  Diagnostic finding;
  finding.rule = std::string(diff::rule_of(change.kind));
  finding.severity = diff::severity_of(change);
  finding.message = diff::describe(module, change);
  finding.file = ebin + "/" + module.name.name() + ".beam";
  finding.notes = diff::advice_for(module, change);
  return finding;
}

// One for all modules: they lack it for one reason.
Diagnostic unread_states(const std::vector<const ModuleChange*>& modules, const std::string& ebin) {
  Diagnostic finding = finding_of(*modules.front(), {LiveDataChange::Kind::unread_state}, ebin);
  if (modules.size() == 1) return finding;
  std::vector<std::string> names;
  for (const ModuleChange* module : modules)
    names.push_back(module->name.name());
  finding.file = ebin;
  finding.message = "whether the states of " + joined(names) +
                    " have other shapes is not known: they have no debug information, and init/1 "
                    "does not tell";
  return finding;
}

// Whether generated instructions end the child that the module starts, and start it otherwise.
bool ends_children_of(const diff::ApplicationChange& application, Atom module) {
  return std::any_of(application.modules.begin(), application.modules.end(),
                     [&](const ModuleChange& other) {
                       if (!is_written(other)) return false;
                       const auto& changed = other.children_change->changed;
                       return std::any_of(changed.begin(), changed.end(), [&](const auto& child) {
                         return child.starts_otherwise && child.before.starter == module;
                       });
                     });
}

}  // namespace

Diagnostics check_live_data(const diff::ApplicationChange& application, const std::string& ebin,
                            policy::Supervision supervision) {
  Diagnostics findings;
  std::vector<const ModuleChange*> unread;
  for (const ModuleChange& module : application.modules) {
    if (module.is_state_unread) unread.push_back(&module);
    for (const LiveDataChange& change : module.live_data) {
      const bool is_ended = change.kind == LiveDataChange::Kind::process_module &&
                            supervision == policy::Supervision::generate &&
                            ends_children_of(application, module.name);
      if (change.care == LiveDataChange::Care::none && !is_ended)
        findings.push_back(finding_of(module, change, ebin));
    }
  }
  if (!unread.empty()) findings.push_back(unread_states(unread, ebin));
  return findings;
}

}  // namespace relup::plan
