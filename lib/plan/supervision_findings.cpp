// SPDX-License-Identifier: Apache-2.0
#include "plan/supervision_findings.hpp"

#include <algorithm>

#include "plan/module_kind.hpp"
#include "plan/supervision.hpp"
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

std::string written(const std::vector<appup::Action>& actions) {
  std::string text;
  for (const appup::Action& action : actions)
    text += (text.empty() ? "" : ", ") + print(appup::to_term(action));
  return text;
}

Diagnostic warning(const char* rule, const std::string& file, std::string message) {
  Diagnostic diagnostic;
  diagnostic.rule = rule;
  diagnostic.severity = Severity::warning;
  diagnostic.file = file;
  diagnostic.message = std::move(message);
  return diagnostic;
}

void add_instructions(const ChildrenChange& change, Diagnostic& diagnostic) {
  diagnostic.notes.emplace_back(
      "an upgrade neither starts nor stops them; say so in the appup, or have it written by "
      "`supervision: generate` in relup.yaml");
  const std::pair<appup::Direction, std::string> ways[] = {{appup::Direction::up, "up"},
                                                           {appup::Direction::down, "down"}};
  for (const auto& [direction, word] : ways) {
    const SupervisionSteps steps = supervisor_steps(change, direction);
    if (!steps.stop.empty())
      diagnostic.notes.push_back(word + ", before the update: " + written(steps.stop));
    if (!steps.start.empty())
      diagnostic.notes.push_back(word + ", after it: " + written(steps.start));
  }
}

std::string start_of(const Child& child) {
  if (!child.start) return child.starter->name();
  const Term::Elements* parts = child.start->as_tuple();
  return parts == nullptr || parts->size() < 3
             ? print(*child.start)
             : print((*parts)[0]) + ":" + print((*parts)[1]) + " with " + print((*parts)[2]);
}

Diagnostic children_changed(const ModuleChange& module, const std::string& file) {
  const ChildrenChange& change = *module.children_change;
  std::vector<std::string> what;
  if (!change.added.empty()) what.push_back("new " + listed(change.added));
  if (!change.removed.empty()) what.push_back("gone " + listed(change.removed));
  for (const facts::ChangedChild& child : change.changed) {
    if (!child.starts_otherwise) continue;
    what.push_back(print(child.before.id) + " started by " + start_of(child.after) +
                   " instead of " + start_of(child.before));
  }
  std::string text = module.name.name() + " lists other children: ";
  for (std::size_t i = 0; i < what.size(); ++i)
    text += (i == 0 ? "" : "; ") + what[i];
  Diagnostic diagnostic = warning("supervision", file, std::move(text));
  add_instructions(change, diagnostic);
  return diagnostic;
}

// What the supervisor does by itself once it has been updated.
void add_settings(const ModuleChange& module, const std::string& file, Diagnostics& findings) {
  const ChildrenChange& change = *module.children_change;
  std::vector<std::string> texts;
  for (const facts::ChangedFlag& flag : change.flags)
    texts.push_back("its " + flag.name + " from " + print(flag.before) + " to " +
                    print(flag.after));
  for (const facts::ChangedChild& child : change.changed) {
    for (const std::string& name : child.settings)
      texts.push_back(name + " of its child " + print(child.before.id) + " from " +
                      print(child.before.settings.at(name)) + " to " +
                      print(child.after.settings.at(name)));
  }
  const bool is_by_init = change.source == facts::Children::Source::init;
  for (const std::string& text : texts) {
    findings.push_back(warning("supervision", file, module.name.name() + " changes " + text));
    findings.back().severity = Severity::note;
    findings.back().notes.emplace_back(is_by_init ? "the update of the supervisor takes it over"
                                                  : "it counts when the application starts again");
  }
}

// supervisor:code_change/3 calls init/1 with what the supervisor was started with.
Diagnostic argument_changed(const ModuleChange& module, const std::string& file) {
  const ChildrenChange& change = *module.children_change;
  Diagnostic diagnostic =
      warning("supervision", file,
              "an update calls init/1 of " + module.name.name() + " with " +
                  print(*change.old_argument) + ", the argument of its start, " +
                  (change.init_refuses ? "which the new one does not take"
                                       : "and the new release starts it with another"));
  if (change.init_refuses) diagnostic.severity = Severity::error;
  diagnostic.notes.emplace_back(
      "where init/1 crashes, the node is restarted: have it take both arguments, or load the "
      "module "
      "and replace the supervisor, by terminate_child and restart_child of the one above it");
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

Diagnostic not_updated(const ModuleChange& module, const std::string& file) {
  Diagnostic diagnostic = warning("supervision", file,
                                  module.name.name() +
                                      " is a supervisor and a process besides, and has no "
                                      "code_change: it is only loaded");
  diagnostic.notes.emplace_back(
      "its supervisors keep their children and flags; with a code_change/3 they are updated");
  return diagnostic;
}

Diagnostic side_effect(const ModuleChange& module, const std::string& effect,
                       const std::string& file) {
  Diagnostic diagnostic = warning("supervisor-side-effect", file,
                                  "init/1 of " + module.name.name() + " calls " + effect +
                                      ", and the update of a supervisor calls init/1 again");
  diagnostic.notes.emplace_back("move it to where it happens once, or have it bear a second time");
  return diagnostic;
}

bool lists_others(const ChildrenChange& change) {
  return change.lists_others() ||
         std::any_of(change.changed.begin(), change.changed.end(),
                     [](const facts::ChangedChild& each) { return each.starts_otherwise; });
}

}  // namespace

Diagnostics check_supervision(const diff::ApplicationChange& application, const std::string& ebin,
                              policy::Supervision supervision) {
  Diagnostics findings;
  for (const ModuleChange& module : application.modules) {
    if (!module.changes_code) continue;
    const std::string file = ebin + "/" + module.name.name() + ".beam";
    const bool is_done = supervision == policy::Supervision::generate && is_written(module);
    const bool is_updated = !is_supervisor_without_code_change(*module.new_facts);
    if (module.children_change) {
      if (lists_others(*module.children_change) && !is_done)
        findings.push_back(children_changed(module, file));
      if (is_updated) add_settings(module, file, findings);
      if (is_updated && module.children_change->old_argument)
        findings.push_back(argument_changed(module, file));
    }
    if (module.may_list_other_children) findings.push_back(children_unread(module, file));
    if (!is_updated) {
      findings.push_back(not_updated(module, file));
      continue;
    }
    for (const std::string& effect : module.init_effects)
      findings.push_back(side_effect(module, effect, file));
  }
  return findings;
}

}  // namespace relup::plan
