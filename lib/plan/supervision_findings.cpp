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
using Kind = SupervisorFinding::Kind;

// The change as one goes back over it.
ChildrenChange reversed(const ChildrenChange& change) {
  ChildrenChange back{change.source,     change.removed, change.added,
                      change.supervisor, change.changed, change.flags};
  for (facts::ChangedChild& child : back.changed)
    std::swap(child.before, child.after);
  for (facts::ChangedFlag& flag : back.flags)
    std::swap(flag.before, flag.after);
  return back;
}

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

std::vector<std::string> steps_in_words(const ChildrenChange& change, const SupervisorCare& care) {
  std::vector<std::string> notes;
  const auto add = [&](const std::string& way, const SupervisionSteps& steps) {
    if (!steps.stop.empty()) notes.push_back(way + "before the update: " + written(steps.stop));
    if (!steps.start.empty()) notes.push_back(way + "after it: " + written(steps.start));
  };
  if (care.direction) {
    add("missing ", care.missing);
    return notes;
  }
  add("up, ", supervisor_steps(change, appup::Direction::up));
  add("down, ", supervisor_steps(change, appup::Direction::down));
  return notes;
}

std::string start_of(const Child& child) {
  if (!child.start) return child.starter->name();
  const Term::Elements* parts = child.start->as_tuple();
  return parts == nullptr || parts->size() < 3
             ? print(*child.start)
             : print((*parts)[0]) + ":" + print((*parts)[1]) + " with " + print((*parts)[2]);
}

SupervisorFinding children_changed(const ModuleChange& module, const ChildrenChange& change,
                                   const SupervisorCare& care) {
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
  SupervisorFinding finding{Kind::children, Severity::warning, std::move(text)};
  finding.notes.emplace_back(
      "an upgrade neither starts nor stops them; say so in the appup, or have it written by "
      "`supervision: generate` in relup.yaml");
  for (std::string& note : steps_in_words(*module.children_change, care))
    finding.notes.push_back(std::move(note));
  return finding;
}

SupervisorFinding only_loaded(const ModuleChange& module) {
  return {Kind::only_loaded,
          Severity::warning,
          module.name.name() +
              " is a supervisor and is only loaded: what it lists now is not taken over",
          {"its children and flags stay those of the code before, up to its next start; write "
           "{update, " +
           print_atom(module.name.name()) + ", supervisor}"}};
}

// What the supervisor does by itself once it has been updated.
void add_settings(const ModuleChange& module, const ChildrenChange& change,
                  std::vector<SupervisorFinding>& findings) {
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
    findings.push_back({Kind::settings,
                        Severity::note,
                        module.name.name() + " changes " + text,
                        {is_by_init ? "the update of the supervisor takes it over"
                                    : "it counts when the application starts again"}});
  }
}

// supervisor:code_change/3 calls init/1 with what the supervisor was started with.
SupervisorFinding argument_changed(const ModuleChange& module) {
  const ChildrenChange& change = *module.children_change;
  return {Kind::argument,
          change.init_refuses ? Severity::error : Severity::warning,
          "an update calls init/1 of " + module.name.name() + " with " +
              print(*change.old_argument) + ", the argument of its start, " +
              (change.init_refuses ? "which the new one does not take"
                                   : "and the new release starts it with another"),
          {"where init/1 crashes, the node is restarted: have it take both arguments, or load the "
           "module "
           "and replace the supervisor, by terminate_child and restart_child of the one above it"}};
}

SupervisorFinding children_unread(const ModuleChange& module) {
  const char* why = module.is_too_large ? "it is too large to be read"
                                        : "without debug information it cannot be read";
  SupervisorFinding finding{
      Kind::unread, Severity::warning,
      module.name.name() + " may list other children: what lists them changed, and " + why};
  finding.notes.emplace_back(
      "an upgrade neither starts nor stops children; say so in the appup where some came or went");
  if (module.is_too_large) return finding;
  finding.notes.emplace_back(
      "relup reads them where releases keep debug information: `{debug_info, keep}` for relx, "
      "`strip_beams: [keep: [\"Docs\", \"Dbgi\"]]` for Mix");
  return finding;
}

SupervisorFinding not_updated(const ModuleChange& module) {
  return {Kind::not_updated,
          Severity::warning,
          module.name.name() +
              " is a supervisor and a process besides, and has no code_change: it is only loaded",
          {"its supervisors keep their children and flags; with a code_change/3 they are updated"}};
}

SupervisorFinding side_effect(const ModuleChange& module, const std::string& effect) {
  return {Kind::side_effect,
          Severity::warning,
          "init/1 of " + module.name.name() + " calls " + effect +
              ", and the update of a supervisor calls init/1 again",
          {"move it to where it happens once, or have it bear a second time"}};
}

bool lists_others(const ChildrenChange& change) {
  return change.lists_others() ||
         std::any_of(change.changed.begin(), change.changed.end(),
                     [](const facts::ChangedChild& each) { return each.starts_otherwise; });
}

void add_children(const ModuleChange& module, const SupervisorCare& care,
                  std::vector<SupervisorFinding>& findings) {
  const bool is_down = care.direction == appup::Direction::down;
  const ChildrenChange change =
      is_down ? reversed(*module.children_change) : *module.children_change;
  const bool is_by_init = change.source == facts::Children::Source::init;
  const bool lists_otherwise =
      change.lists_others() || !change.changed.empty() || !change.flags.empty();
  if (is_by_init && care.direction && !care.is_updated) {
    const bool is_told = is_supervisor_without_code_change(*module.new_facts);
    if (lists_otherwise && !care.touches_children && !is_told)
      findings.push_back(only_loaded(module));
    return;
  }
  if (lists_others(change) && care.leaves_children)
    findings.push_back(children_changed(module, change, care));
  if (is_by_init && !care.is_updated) return;
  add_settings(module, change, findings);
  if (change.old_argument) findings.push_back(argument_changed(module));
}

// Of an appup that is written: whether it updates a supervisor, and starts and stops its children.
SupervisorCare care_of_generated(const ModuleChange& module, policy::Supervision supervision) {
  SupervisorCare care;
  care.is_updated = !is_supervisor_without_code_change(*module.new_facts);
  care.leaves_children = supervision != policy::Supervision::generate || !is_written(module);
  return care;
}

Diagnostic diagnostic_of(const SupervisorFinding& finding, const std::string& file) {
  Diagnostic diagnostic;
  diagnostic.rule = finding.kind == Kind::side_effect ? "supervisor-side-effect" : "supervision";
  diagnostic.severity = finding.severity;
  diagnostic.file = file;
  diagnostic.message = finding.message;
  diagnostic.notes = finding.notes;
  return diagnostic;
}

}  // namespace

std::vector<SupervisorFinding> supervisor_findings(const ModuleChange& module,
                                                   const SupervisorCare& care) {
  std::vector<SupervisorFinding> findings;
  if (module.children_change) add_children(module, care, findings);
  if (module.may_list_other_children) findings.push_back(children_unread(module));
  if (is_supervisor_without_code_change(*module.new_facts)) {
    findings.push_back(not_updated(module));
  } else if (care.is_updated && care.direction != appup::Direction::down) {
    for (const std::string& effect : module.init_effects)
      findings.push_back(side_effect(module, effect));
  }
  return findings;
}

Diagnostics check_supervision(const diff::ApplicationChange& application, const std::string& ebin,
                              policy::Supervision supervision) {
  Diagnostics findings;
  for (const ModuleChange& module : application.modules) {
    if (!module.changes_code) continue;
    for (const SupervisorFinding& finding :
         supervisor_findings(module, care_of_generated(module, supervision)))
      findings.push_back(diagnostic_of(finding, ebin + "/" + module.name.name() + ".beam"));
  }
  return findings;
}

}  // namespace relup::plan
