// SPDX-License-Identifier: Apache-2.0
#include "plan/supervision.hpp"

#include "plan/module_kind.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using diff::ModuleChange;
using facts::Child;
using facts::ChildrenChange;

std::string listed(const std::vector<Child>& children) {
  std::string text;
  for (const Child& child : children)
    text += (text.empty() ? "" : ", ") + print(child.id);
  return text;
}

// What somebody has to call; without a name that can be read, NAME stands for it.
std::string call_of(const char* function, const ChildrenChange& change, const Child& child) {
  const std::string name = change.supervisor ? print(*change.supervisor) : "NAME";
  return "{apply, {supervisor, " + std::string(function) + ", [" + name + ", " + print(child.id) +
         "]}}";
}

Diagnostic warning(const char* rule, const std::string& file, std::string message) {
  Diagnostic diagnostic;
  diagnostic.rule = rule;
  diagnostic.severity = Severity::warning;
  diagnostic.file = file;
  diagnostic.message = std::move(message);
  return diagnostic;
}

Diagnostic children_changed(const ModuleChange& module, const std::string& file) {
  const ChildrenChange& change = *module.children_change;
  std::string text = module.name.name() + " lists other children: ";
  if (!change.added.empty()) text += "new " + listed(change.added);
  if (!change.added.empty() && !change.removed.empty()) text += "; ";
  if (!change.removed.empty()) text += "gone " + listed(change.removed);
  Diagnostic diagnostic = warning("supervision", file, std::move(text));
  diagnostic.notes.push_back("an upgrade neither starts nor stops them; say so in the appup");
  const bool is_by_init = change.source == facts::Children::Source::init;
  for (const Child& child : change.removed) {
    diagnostic.notes.push_back("before the update: " + call_of("terminate_child", change, child) +
                               ", " + call_of("delete_child", change, child));
  }
  for (const Child& child : change.added) {
    if (!is_by_init) continue;  // the child list of a running supervisor is fixed at its start
    diagnostic.notes.push_back("behind it: " + call_of("restart_child", change, child));
  }
  return diagnostic;
}

Diagnostic children_unread(const ModuleChange& module, const std::string& file) {
  const char* why = module.is_too_large ? "it is too large to be read"
                                        : "without debug information it cannot be read";
  Diagnostic diagnostic =
      warning("supervision", file,
              module.name.name() + " may list other children: what lists them changed, and " + why);
  diagnostic.notes.emplace_back(
      "an upgrade neither starts nor stops children; say so in the appup where some came or went");
  if (module.is_too_large) return diagnostic;
  diagnostic.notes.emplace_back(
      "relup reads them where releases keep debug information: `{debug_info, keep}` for relx, "
      "`strip_beams: [keep: [\"Docs\", \"Dbgi\"]]` for Mix");
  return diagnostic;
}

appup::Action call_supervisor(const char* function, const ChildrenChange& change,
                              const Child& child) {
  return appup::Apply{Atom("supervisor"), Atom(function),
                      Term::list({*change.supervisor, child.id})};
}

}  // namespace

bool is_written(const ModuleChange& module) {
  return module.children_change && module.children_change->supervisor &&
         module.children_change->source == facts::Children::Source::init;
}

SupervisionSteps supervision_steps(const diff::ApplicationChange& application,
                                   appup::Direction direction) {
  SupervisionSteps steps;
  for (const ModuleChange& module : application.modules) {
    if (!is_written(module)) continue;
    const ChildrenChange& change = *module.children_change;
    const bool up = direction == appup::Direction::up;
    for (const Child& child : up ? change.removed : change.added) {
      steps.stop.push_back(call_supervisor("terminate_child", change, child));
      steps.stop.push_back(call_supervisor("delete_child", change, child));
    }
    for (const Child& child : up ? change.added : change.removed)
      steps.start.push_back(call_supervisor("restart_child", change, child));
  }
  return steps;
}

Diagnostics check_supervision(const diff::ApplicationChange& application, const std::string& ebin,
                              policy::Supervision supervision) {
  Diagnostics findings;
  for (const ModuleChange& module : application.modules) {
    if (!module.changes_code) continue;
    const std::string file = ebin + "/" + module.name.name() + ".beam";
    const bool is_done = supervision == policy::Supervision::generate && is_written(module);
    if (module.children_change && !is_done) findings.push_back(children_changed(module, file));
    if (module.may_list_other_children) findings.push_back(children_unread(module, file));
    if (is_supervisor_without_code_change(*module.new_facts)) {
      findings.push_back(warning("supervision", file,
                                 module.name.name() +
                                     " is a supervisor and a process besides, and has no "
                                     "code_change: it is only loaded"));
      findings.back().notes.push_back(
          "its supervisors keep their children and flags; with a code_change/3 they are updated");
      continue;
    }
    for (const std::string& effect : module.init_effects) {
      findings.push_back(warning("supervisor-side-effect", file,
                                 "init/1 of " + module.name.name() + " calls " + effect +
                                     ", and the update of a supervisor calls init/1 again"));
      findings.back().notes.push_back(
          "move it to where it happens once, or have it bear a second time");
    }
  }
  return findings;
}

}  // namespace relup::plan
