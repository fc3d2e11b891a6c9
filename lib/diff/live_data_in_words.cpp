// SPDX-License-Identifier: Apache-2.0
#include "diff/live_data_in_words.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "term/printer.hpp"

namespace relup::diff {
namespace {

using Kind = LiveDataChange::Kind;
using Way = LiveDataChange::Way;

std::string stores_of(const LiveDataChange& change) {
  std::vector<std::string> stores;
  for (const facts::Store store : change.stores)
    stores.emplace_back(facts::describe(store));
  return joined(stores);
}

std::string listed(const std::vector<Atom>& modules) {
  constexpr std::size_t most = 4;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < modules.size() && i < most; ++i)
    names.push_back(modules[i].name());
  const std::size_t others = modules.size() - names.size();
  return joined(names) + (others > 0 ? " and " + std::to_string(others) + " more" : "");
}

std::string fields_text(const LiveDataChange& change) {
  std::string text;
  if (!change.added.empty()) {
    text = std::string("has the new field") + (change.added.size() == 1 ? " " : "s ") +
           joined(change.added);
  }
  if (!change.removed.empty())
    text += (text.empty() ? "no longer has " : ", and no longer ") + joined(change.removed);
  if (!text.empty()) return text;
  if (change.size_before == change.size_after) return "has its fields in another order";
  return "has " + std::to_string(change.size_after) + " elements, and had " +
         std::to_string(change.size_before);
}

std::string kept_text(const ModuleChange& module, const LiveDataChange& change) {
  const bool is_struct = change.kind == Kind::kept_structure;
  const bool is_record = !change.added.empty() || !change.removed.empty();
  const std::string what = is_struct   ? "struct " + change.subject
                           : is_record ? "record " + change.subject
                                       : "tuple {" + print_atom(change.subject) + ", ...}";
  return module.name.name() + " keeps " + what + " in " + stores_of(change) + ", and it " +
         fields_text(change);
}

std::string state_functions_text(const ModuleChange& module, const LiveDataChange& change) {
  const bool up = change.way == Way::up;
  return module.name.name() + " may be in the state " + change.subject + ", which the " +
         (up ? "new" : "old") + " code has no function for" +
         (up ? "" : ", when it goes back to it");
}

std::string name_text(Atom module, const facts::NamedFunction& name) {
  using By = facts::NamedFunction::By;
  const std::string place = print_atom(name.place.name.name()) + "/" +
                            std::to_string(name.place.arity) + " of " + module.name();
  switch (name.by) {
    case By::timer:
      return "for a timer (" + name.call + " in " + place + ")";
    case By::hibernation:
      return "for a process to wake up in (" + name.call + " in " + place + ")";
    case By::spawn:
      return "for new processes (" + name.call + " in " + place + ")";
    case By::loop:
      break;
  }
  return "in a loop (" + place + ")";
}

// "shop no longer exports tick/0, which the old code names for a timer (...)"
std::string gone_function_text(const ModuleChange& module, const LiveDataChange& change) {
  constexpr std::size_t most = 4;
  std::vector<std::string> uses;
  for (const auto& [namer, name] : change.names)
    if (uses.size() < most) uses.push_back(name_text(namer, name));
  if (!change.stores.empty())
    uses.push_back("in " + stores_of(change) + " (put there by " + listed(change.readers) + ")");
  const bool up = change.way == Way::up;
  const std::string name = module.name.name();
  return (up ? name + " no longer exports " + change.subject + ", which the old code names "
             : "the old " + name + " has no " + change.subject + ", which the new code names ") +
         joined(uses);
}

bool is_only_spawned(const LiveDataChange& change) {
  return change.stores.empty() &&
         std::all_of(change.names.begin(), change.names.end(), [](const auto& each) {
           return each.second.by == facts::NamedFunction::By::spawn;
         });
}

}  // namespace

std::string_view rule_of(Kind kind) {
  switch (kind) {
    case Kind::kept_tuple:
    case Kind::kept_structure:
      return "kept-data";
    case Kind::kept_fun:
      return "held-fun";
    case Kind::start_effect:
      return "missed-start";
    case Kind::state_function:
      return "gone-state-function";
    case Kind::callback_mode:
      return "changed-callback-mode";
    case Kind::process_module:
      return "gone-callback-module";
    case Kind::unread_state:
      return "unread-state";
    case Kind::gone_function:
      return "gone-function";
    case Kind::on_load:
      return "changed-on-load";
    case Kind::request:
      break;
  }
  return "unserved-request";
}

Severity severity_of(const LiveDataChange& change) {
  switch (change.kind) {
    case Kind::state_function:
      return change.way == Way::down ? Severity::warning : Severity::error;
    case Kind::callback_mode:
      return Severity::error;
    case Kind::process_module:
      return change.readers.empty() ? Severity::warning : Severity::error;
    case Kind::gone_function:
      return is_only_spawned(change) ? Severity::note : Severity::warning;
    case Kind::unread_state:
    case Kind::request:
      return Severity::note;
    default:
      return Severity::warning;
  }
}

std::string describe(const ModuleChange& module, const LiveDataChange& change) {
  const std::string name = module.name.name();
  switch (change.kind) {
    case Kind::kept_tuple:
    case Kind::kept_structure:
      return kept_text(module, change);
    case Kind::kept_fun:
      return name + " keeps funs of its own code in " + stores_of(change) + " (made by " +
             change.subject + "), and that code is replaced";
    case Kind::start_effect:
      return name + " " + facts::describe(change.effect) +
             " only where it starts (init/1 or its start function: " + change.effect.call +
             "); live processes do not";
    case Kind::state_function:
      return state_functions_text(module, change);
    case Kind::callback_mode:
      return "callback_mode/0 of " + name +
             " answers something else, and without code_change/4 live processes keep the old one";
    case Kind::process_module:
      return name + " goes while processes may have it as their callback module";
    case Kind::unread_state:
      return "whether the state of " + name +
             " has another shape is not known: it has no debug information, and init/1 does not "
             "tell";
    case Kind::gone_function:
      return gone_function_text(module, change);
    case Kind::on_load:
      return "the on_load function of " + name + ", " + change.subject +
             ", is not what it was, and runs when the new code is loaded";
    case Kind::request:
      break;
  }
  const bool is_own = change.readers == std::vector<Atom>{module.name};
  return "the old code of " + listed(change.readers) +
         (change.readers.size() == 1 ? " sends the " : " send the ") + change.subject +
         ", which the new code " + (is_own ? "" : "of " + name + " ") + "does not take";
}

std::vector<std::string> advice_for(const ModuleChange& module, const LiveDataChange& change) {
  const std::string name = print_atom(module.name.name());
  switch (change.kind) {
    case Kind::kept_tuple:
    case Kind::kept_structure: {
      std::vector<std::string> notes;
      if (!change.readers.empty()) notes.push_back("used by " + listed(change.readers));
      notes.push_back(
          change.stores.contains(facts::Store::state)
              ? "what is there stays as the old code made it: turn it over in code_change/" +
                    std::string(facts::state_position(*module.new_facts) == 2 ? "4" : "3") +
                    " of " + name + " and, for {down, Vsn}, back"
              : "what is there stays as the old code made it: turn it over in a code_change or an "
                "{apply, ...} of the appup, or have its readers bear both shapes");
      return notes;
    }
    case Kind::kept_fun:
      return {"once the old code is purged, a call of them fails with badfun; no purge sees them",
              "keep `fun " + name +
                  ":Name/Arity` of an exported function, or put new funs there in an "
                  "{apply, ...} behind the load"};
    case Kind::start_effect:
      return {
          "do it in code_change as well, where it was not done yet, or in an {apply, ...} of "
          "the appup"};
    case Kind::state_function:
      return {
          "its next event would crash it; code_change/4 of the new module must answer another "
          "state" +
          std::string(change.way == Way::down ? " for {down, Vsn}" : "")};
    case Kind::callback_mode:
      return {"export code_change/4, so that it is asked for anew"};
    case Kind::process_module:
      return {
          "either end them in the upgrade: terminate_child and delete_child of their "
          "supervisor before, and start_child behind it",
          "or keep " + name +
              " in this release, so that they live on, and remove it in the next one; a soft "
              "purge does not see them, for between two callbacks they run no code of it"};
    case Kind::unread_state:
      return {
          "keep it: `{debug_info, keep}` for relx, `strip_beams: [keep: [\"Docs\", \"Dbgi\"]]` "
          "for Mix"};
    case Kind::gone_function:
      return {"who comes by that name fails with undef",
              change.way == Way::up
                  ? "export it for one more release, or put another name in its place: in a "
                    "code_change, or in an {apply, ...} behind the load"
                  : "take the name away in a code_change for {down, Vsn}, or in an {apply, ...} of "
                    "the downgrade"};
    case Kind::on_load:
      return {
          "that is after the point of no return: where it does not answer ok, the install fails "
          "and the node restarts; try the upgrade on a node where nobody is hurt"};
    case Kind::request:
      break;
  }
  return {
      "callers of the old code may do so while the script runs, and from other nodes: take it "
      "for one more release"};
}

}  // namespace relup::diff
