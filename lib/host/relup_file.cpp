// SPDX-License-Identifier: Apache-2.0
#include "host/relup_file.hpp"

#include <unordered_set>

#include "appup/instruction.hpp"
#include "base/error.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::host {
namespace {

using appup::Direction;

const Term* script_in(const Term& entries, const std::string& version) {
  for (const Term& entry : *entries.as_list()) {
    const Term::Elements* parts = entry.as_tuple();
    if (parts != nullptr && parts->size() == 3 && (*parts)[0] == Term::string(version)) {
      return &(*parts)[2];
    }
  }
  return nullptr;
}

void add_switch(Atom module, appup::Purge pre_purge, appup::Purge post_purge,
                ScriptSummary& summary) {
  summary.loaded.push_back(module);
  const bool is_soft = pre_purge == appup::Purge::soft;
  (is_soft ? summary.purged_softly : summary.purged_brutally_before).push_back(module);
  if (post_purge == appup::Purge::brutal) summary.purged_brutally.push_back(module);
}

// A consolidated protocol is switched by a call (generate/protocol_switch.hpp).
void add_call(const appup::Apply& apply, ScriptSummary& summary) {
  summary.called.push_back(apply.module);
  const Term::Elements* arguments = apply.arguments.as_list();
  const bool loads = apply.module == "code" && apply.function == "load_binary" &&
                     arguments != nullptr && arguments->size() == 3;
  const Atom* module = loads ? arguments->front().as_atom() : nullptr;
  if (module != nullptr) summary.loaded.push_back(*module);
}

void add_fetched(const appup::LoadObjectCode& fetch, ScriptSummary& summary) {
  for (const Atom module : fetch.modules)
    summary.fetched.push_back({fetch.library, fetch.version.text().value_or(""), module});
}

void add_state_changes(const appup::CodeChange& change, ScriptSummary& summary) {
  const bool is_down = change.mode && *change.mode == "down";
  for (const auto& [module, extra] : change.modules)
    summary.state_changes.push_back({module, is_down ? Direction::down : Direction::up, extra});
}

void add_call_of_check(const appup::Action& action, ScriptSummary& summary) {
  const auto* apply = std::get_if<appup::Apply>(&action);
  const Term::Elements* arguments = apply == nullptr ? nullptr : apply->arguments.as_list();
  if (arguments == nullptr) return;
  summary.called_by_check.push_back(
      print_function(apply->module.name(), apply->function.name(), arguments->size()));
}

void add_step(const appup::Action& action, ScriptSummary& summary) {
  if (const auto* load = std::get_if<appup::Load>(&action)) {
    add_switch(load->module, load->pre_purge, load->post_purge, summary);
  } else if (const auto* remove = std::get_if<appup::Remove>(&action)) {
    add_switch(remove->module, remove->pre_purge, remove->post_purge, summary);
    summary.removed.push_back(remove->module);
  } else if (const auto* apply = std::get_if<appup::Apply>(&action)) {
    add_call(*apply, summary);
  } else if (const auto* fetch = std::get_if<appup::LoadObjectCode>(&action)) {
    add_fetched(*fetch, summary);
  } else if (const auto* suspend = std::get_if<appup::Suspend>(&action)) {
    for (const auto& target : suspend->targets)
      summary.suspended.push_back(target.module);
  } else if (const auto* change = std::get_if<appup::CodeChange>(&action)) {
    add_state_changes(*change, summary);
  } else if (std::holds_alternative<appup::RestartEmulator>(action) ||
             std::holds_alternative<appup::RestartNewEmulator>(action)) {
    summary.restarts_emulator = true;
  }
}

// Where an application restarts, its modules are removed and loaded again: each counts once, and
// they do not leave.
void count_once(ScriptSummary& summary) {
  std::unordered_set<Atom> there;
  for (const appup::Action& action : actions_of(summary)) {
    if (const auto* load = std::get_if<appup::Load>(&action)) there.insert(load->module);
    if (const auto* remove = std::get_if<appup::Remove>(&action)) there.erase(remove->module);
  }
  std::erase_if(summary.removed, [&there](Atom module) { return there.contains(module); });
  for (std::vector<Atom>* modules : {&summary.loaded, &summary.removed, &summary.purged_softly,
                                     &summary.purged_brutally, &summary.purged_brutally_before}) {
    std::unordered_set<Atom> seen;
    std::erase_if(*modules, [&seen](Atom module) { return !seen.insert(module).second; });
  }
}

std::optional<ScriptSummary> summarize(const Term& relup, Direction direction,
                                       const std::string& other, const std::string& owner) {
  const Term::Elements* parts = relup.as_tuple();
  const std::size_t list = direction == Direction::up ? 1 : 2;
  const std::string name = "releases/" + owner + "/relup";
  if (parts == nullptr || parts->size() != 3 || !(*parts)[list].is_proper_list()) {
    throw Error(ErrorCode::bad_input, name + " is not a relup: expected {Vsn, UpFrom, DownTo}");
  }
  const Term* script = script_in((*parts)[list], other);
  if (script == nullptr) return std::nullopt;
  if (!script->is_proper_list())
    throw Error(ErrorCode::bad_input, name + ": a script is not a list");
  ScriptSummary summary;
  summary.direction = direction;
  summary.steps = script->as_list()->size();
  summary.instructions = *script;
  bool is_before_point = true;
  for (const Term& step : *script->as_list()) {
    const auto read = appup::read_instruction(step);
    if (const auto* fault = std::get_if<appup::InstructionFault>(&read)) {
      throw Error(ErrorCode::bad_input, name + ": " + fault->message);
    }
    const appup::Action& action = std::get<appup::Action>(read);
    if (std::holds_alternative<appup::PointOfNoReturn>(action)) is_before_point = false;
    if (is_before_point) add_call_of_check(action, summary);
    add_step(action, summary);
  }
  count_once(summary);
  return summary;
}

}  // namespace

std::vector<appup::Action> actions_of(const ScriptSummary& script) {
  std::vector<appup::Action> actions;
  for (const Term& step : *script.instructions.as_list())
    actions.push_back(std::get<appup::Action>(appup::read_instruction(step)));
  return actions;
}

std::optional<ScriptSummary> find_script(const std::string& from, const std::string& to,
                                         const std::optional<std::string>& relup_of_from,
                                         const std::optional<std::string>& relup_of_to) {
  if (relup_of_to) {
    const Term relup = parse_single_term("releases/" + to + "/relup", *relup_of_to);
    if (auto summary = summarize(relup, Direction::up, from, to)) return summary;
  }
  if (!relup_of_from) return std::nullopt;
  const Term relup = parse_single_term("releases/" + from + "/relup", *relup_of_from);
  return summarize(relup, Direction::down, to, from);
}

std::optional<std::string> relup_of(FileSystem& files, const Host& host,
                                    const std::string& version) {
  return files.read_if_exists(join_path(host.release_directory(version), "relup"));
}

std::optional<ScriptSummary> find_script_on(FileSystem& files, const Host& host,
                                            const std::string& from, const std::string& to) {
  return find_script(from, to, relup_of(files, host, from), relup_of(files, host, to));
}

}  // namespace relup::host
