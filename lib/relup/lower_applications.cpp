// SPDX-License-Identifier: Apache-2.0
#include "relup/lower.hpp"
#include "relup/merge_scripts.hpp"

namespace relup {
namespace {

using appup::Instruction;
using appup::Purge;
using release::Application;

// Writes what one application instruction stands for.
class ApplicationLowering {
 public:
  ApplicationLowering(const Instruction& cause, Script& out) : cause_(cause), out_(out) {}

  void add(const Application& application, const Atom& start_type) {
    for (const Atom module : application.file.modules) {
      emit(appup::LoadModule{module, Purge::brutal, Purge::brutal, {}});
    }
    start(application.name(), start_type);
  }

  void stop_and_remove(const Application& application) {
    call("stop", {Term(application.name())});
    for (const Atom module : application.file.modules) {
      emit(appup::Remove{module, Purge::brutal, Purge::brutal});
    }
    emit(appup::PurgeModules{application.file.modules});
  }

  void unload(Atom application) { call("unload", {Term(application)}); }

 private:
  void emit(appup::Action action) {
    out_.push_back({std::move(action), cause_.source, cause_.span});
  }

  void call(std::string_view function, Term::Elements arguments) {
    emit(appup::Apply{Atom("application"), Atom(function), Term::list(std::move(arguments))});
  }

  void start(Atom application, const Atom& start_type) {
    if (start_type == "none") return;
    if (start_type == "load") return call("load", {Term(application)});
    call("start", {Term(application), Term(start_type)});
  }

  const Instruction& cause_;
  Script& out_;
};

void report_undefined(const Instruction& instruction, Atom application, const std::string& where,
                      Problems& problems) {
  problems.push_back(
      instruction_problem("no-such-application", instruction,
                          "application " + application.name() + " is not in " + where,
                          tagged("no_such_application", Term(application))));
}

void lower_restart(const Instruction& instruction, Atom name, const Way& way, Script& out,
                   Problems& problems) {
  const Application* old_one = way.from.find(name);
  const Application* new_one = way.to.find(name);
  if (old_one == nullptr || new_one == nullptr) {
    return report_undefined(instruction, name, "both releases", problems);
  }
  ApplicationLowering lowering(instruction, out);
  lowering.stop_and_remove(*old_one);
  lowering.add(*new_one, new_one->start_type);
}

void lower_remove(const Instruction& instruction, Atom name, const Way& way, Script& out,
                  Problems& problems) {
  if (way.to.find(name) != nullptr) {
    problems.push_back(instruction_problem(
        "removed-application-present", instruction,
        "application " + name.name() + " is removed, but the target release has it",
        tagged("removed_application_present", Term(name))));
    return;
  }
  const Application* application = way.from.find(name);
  if (application == nullptr) {
    return report_undefined(instruction, name, "the release it would be removed from", problems);
  }
  ApplicationLowering lowering(instruction, out);
  lowering.stop_and_remove(*application);
  lowering.unload(name);
}

}  // namespace

Script lower_applications(Script script, const Way& way, Problems& problems) {
  Script out;
  out.reserve(script.size());
  for (Instruction& instruction : script) {
    if (const auto* add = std::get_if<appup::AddApplication>(&instruction.action)) {
      const Application* application = way.to.find(add->application);
      if (application == nullptr) {
        report_undefined(instruction, add->application, "the target release", problems);
      } else {
        ApplicationLowering(instruction, out).add(*application, add->start_type);
      }
    } else if (const auto* remove = std::get_if<appup::RemoveApplication>(&instruction.action)) {
      lower_remove(instruction, remove->application, way, out, problems);
    } else if (const auto* restart = std::get_if<appup::RestartApplication>(&instruction.action)) {
      lower_restart(instruction, restart->application, way, out, problems);
    } else {
      out.push_back(std::move(instruction));
    }
  }
  return lower_add_modules(std::move(out));
}

Script lower_add_modules(Script script) {
  for (Instruction& instruction : script) {
    if (const auto* added = std::get_if<appup::AddModule>(&instruction.action)) {
      instruction.action =
          appup::LoadModule{added->module, Purge::brutal, Purge::brutal, added->dep_mods};
    }
  }
  return script;
}

}  // namespace relup
