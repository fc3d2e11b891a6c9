// SPDX-License-Identifier: Apache-2.0
//
// An entry of an appup is compiled as if its application were all there is: every module that it
// names belongs to it. What its instructions for whole applications stand for depends on releases
// that nobody has named, so they take part as calls of a module that no program has.

#include "explain/step_text.hpp"

#include <algorithm>

#include "appup/short_forms.hpp"
#include "explain/brief_term.hpp"
#include "relup/translate.hpp"
#include "term/printer.hpp"

namespace relup::explain {
namespace {

constexpr std::string_view whole_application = "$whole_application";

std::string quoted(Atom name) {
  return print_atom(name.name());
}

std::string milliseconds_text(const Term& timeout) {
  if (timeout.is_atom("infinity")) return "as long as it takes";
  const std::int64_t* time = timeout.as_small_integer();
  if (time == nullptr) return "up to " + print(timeout) + " ms";
  if (*time % 1000 != 0) return "up to " + std::to_string(*time) + " ms";
  return "up to " + std::to_string(*time / 1000) + " s";
}

std::string library_text(const appup::LoadObjectCode& code) {
  const std::string library = quoted(code.library) + " " + code.version.text().value_or("?");
  if (code.modules.empty()) return "takes up the code path of " + library;
  return "reads the object code of " + library + ": " + listed(code.modules);
}

std::string code_change_text(const appup::CodeChange& change) {
  const bool down = change.mode && *change.mode == "down";
  std::string modules;
  for (const auto& [module, extra] : change.modules) {
    modules += (modules.empty() ? "" : ", ") + quoted(module) + " with " + print_briefly(extra);
  }
  return std::string("changes the state of the suspended processes (code_change ") +
         (down ? "down" : "up") + "): " + modules;
}

// Calls that many scripts have, in words; empty for others.
std::string known_call(const appup::Apply& apply, const Term::Elements& arguments) {
  if (arguments.empty()) return "";
  const std::string first = print_briefly(arguments.front());
  const std::string second = arguments.size() > 1 ? print_briefly(arguments[1]) : "";
  const std::string& function = apply.function.name();
  if (apply.module == whole_application) {
    if (function == "restart") {
      return "restarts the whole application " + first +
             ": stops it, removes its old modules, loads the new ones, starts it";
    }
    if (function == "add") return "loads all modules of application " + first + " and starts it";
    return "stops application " + first + ", removes its modules and forgets it";
  }
  if (apply.module == "application") {
    const bool is_known =
        function == "start" || function == "stop" || function == "load" || function == "unload";
    return is_known ? function + "s application " + first : "";
  }
  if (apply.module != "supervisor" || arguments.size() != 2) return "";
  if (function == "terminate_child") return "has " + first + " stop its child " + second;
  if (function == "delete_child") return "has " + first + " forget its child " + second;
  if (function == "restart_child") return "has " + first + " start its child " + second + " again";
  if (function == "start_child") return "has " + first + " start the child " + second;
  return "";
}

std::string call_text(const appup::Apply& apply, Phase phase) {
  const Term::Elements none;
  const Term::Elements& arguments =
      apply.arguments.is_proper_list() ? *apply.arguments.as_list() : none;
  std::string text = known_call(apply, arguments);
  if (text.empty()) {
    text = "calls " + quoted(apply.module) + ":" + quoted(apply.function) + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i)
      text += (i == 0 ? "" : ", ") + print_briefly(arguments[i]);
    text += ")";
  }
  return phase == Phase::after ? text : text + "; also when the release is only checked";
}

class ActionText {
 public:
  explicit ActionText(Phase phase) : phase_(phase) {}

  std::string operator()(const appup::LoadObjectCode& code) const { return library_text(code); }
  std::string operator()(const appup::PointOfNoReturn& /*step*/) const {
    return "point of no return: from here on a failure restarts the node, with the release that is "
           "permanent";
  }
  std::string operator()(const appup::PurgeModules& purge) const {
    return "purges " + listed(purge.modules) + ": processes in old code are killed";
  }
  std::string operator()(const appup::Suspend& suspend) const { return suspend_text(suspend); }
  std::string operator()(const appup::Resume& resume) const {
    return "resumes " + listed(resume.modules);
  }
  std::string operator()(const appup::CodeChange& change) const { return code_change_text(change); }
  std::string operator()(const appup::Stop& stop) const {
    return "has their supervisors stop the processes of " + listed(stop.modules);
  }
  std::string operator()(const appup::Start& start) const {
    return "has their supervisors start the processes of " + listed(start.modules) + " again";
  }
  std::string operator()(const appup::SyncNodes& sync) const {
    return "waits, without a time limit, until these nodes are as far: " +
           print_briefly(sync.nodes);
  }
  std::string operator()(const appup::Apply& apply) const { return call_text(apply, phase_); }
  std::string operator()(const appup::RestartNewEmulator& /*step*/) const {
    return "restarts the node with the new emulator, kernel, stdlib and sasl; the rest is done "
           "while it boots";
  }
  std::string operator()(const appup::RestartEmulator& /*step*/) const {
    return "restarts the node with the release that the script leads to";
  }
  std::string operator()(const appup::Obsolete& obsolete) const {
    return "`" + quoted(obsolete.name) + "`, which no node runs: the install fails";
  }
  // What a script does not have, or what the caller tells in one sentence with its neighbours.
  template <typename Other>
  std::string operator()(const Other& other) const {
    return print_briefly(to_term(appup::Action(other)));
  }

 private:
  Phase phase_;
};

// `{add_application, shop}` and its like as the call that stands for it; others as they are.
Term with_stand_in(const Term& instruction) {
  const auto call = [&](std::string_view function) {
    const Term arguments = Term::list({(*instruction.as_tuple())[1]});
    return tagged("apply",
                  Term::tuple({Term::atom(whole_application), Term::atom(function), arguments}))
        .at(instruction.span());
  };
  const auto read = appup::read_instruction(appup::expand_short_form(instruction));
  const auto* action = std::get_if<appup::Action>(&read);
  if (action == nullptr) return instruction;
  if (std::holds_alternative<appup::AddApplication>(*action)) return call("add");
  if (std::holds_alternative<appup::RemoveApplication>(*action)) return call("remove");
  if (std::holds_alternative<appup::RestartApplication>(*action)) return call("restart");
  return instruction;
}

std::vector<Atom> modules_named(const Term::Elements& instructions) {
  std::vector<Atom> modules;
  for (const Term& instruction : appup::expand_short_forms(instructions)) {
    const auto read = appup::read_instruction(instruction);
    const auto* action = std::get_if<appup::Action>(&read);
    const Atom* module = action == nullptr ? nullptr : appup::module_of(*action);
    if (module != nullptr) modules.push_back(*module);
  }
  return modules;
}

// A release that has nothing but `application`.
release::ResolvedRelease release_of(Atom application, const std::string& version,
                                    std::vector<Atom> modules) {
  release::AppFile file{
      application, version, std::move(modules), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  release::ResolvedRelease release;
  release.applications.push_back({std::move(file), Atom("permanent"), {}, {}});
  return release;
}

}  // namespace

std::string step_text(const appup::Action& action, Phase phase) {
  return std::visit(ActionText(phase), action);
}

std::string suspend_text(const appup::Suspend& suspend) {
  std::vector<Atom> modules;
  std::string waits;
  for (const auto& target : suspend.targets) {
    modules.push_back(target.module);
    if (!target.timeout || target.timeout->is_atom("default")) continue;
    waits += (waits.empty() ? "" : ", ") + milliseconds_text(*target.timeout) + " for " +
             quoted(target.module);
  }
  return "suspends the processes of " + listed(modules) +
         (waits.empty() ? "" : " (waits " + waits + ")");
}

std::string listed(const std::vector<Atom>& modules) {
  std::string text;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    if (i > 0) text += i + 1 == modules.size() ? " and " : ", ";
    text += quoted(modules[i]);
  }
  return text;
}

std::string print_version(const Term& version) {
  if (const Term::Bits* pattern = version.as_bits()) return "/" + pattern->bytes + "/";
  return version.text().value_or(print(version));
}

std::optional<Script> script_of_entry(const EntryScript& entry, Problems& problems) {
  Term instructions = entry.instructions;
  std::vector<Atom> modules;
  if (instructions.is_proper_list()) {
    Term::Elements elements;
    for (const Term& instruction : *instructions.as_list())
      elements.push_back(with_stand_in(instruction));
    modules = modules_named(elements);
    instructions = Term::list(std::move(elements)).at(entry.instructions.span());
  }
  const auto release = release_of(entry.application, entry.version, std::move(modules));
  return translate_scripts(Way{entry.direction, release, release}, {{instructions, entry.source}},
                           problems);
}

}  // namespace relup::explain
