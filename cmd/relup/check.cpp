// SPDX-License-Identifier: Apache-2.0
//
// relup check: what an upgrade would do and find, changing nothing.

#include "change/check.hpp"

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "change/process_names.hpp"
#include "forecast_json.hpp"
#include "host_options.hpp"
#include "host_settings.hpp"
#include "labelled_line.hpp"
#include "load_policy.hpp"
#include "release_user.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
  bool deep = false;
};

std::vector<std::string> names_of(const std::vector<Atom>& modules) {
  std::set<std::string> names;
  for (const Atom module : modules)
    names.insert(module.name());
  return {names.begin(), names.end()};
}

std::string_view direction_text(const host::ScriptSummary& script) {
  return script.direction == appup::Direction::up ? "upgrade" : "downgrade";
}

Json setting_json(const live::SettingChange& change) {
  const auto value = [](const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
  };
  return {{"application", change.application},
          {"path", change.path},
          {"before", value(change.before)},
          {"after", value(change.after)}};
}

std::vector<std::string> texts_of(const change::Objections& objections) {
  std::vector<std::string> texts;
  texts.reserve(objections.size());
  for (const auto& objection : objections)
    texts.push_back(to_text(*objection));
  return texts;
}

// A script names modules to suspend that have no process, and to load those that it takes away.
std::vector<Atom> suspended(const change::CheckResult& result) {
  if (!result.forecast) return result.script.suspended;
  std::vector<Atom> modules;
  for (const live::SuspendedProcesses& each : result.forecast->suspended) {
    if (each.processes.count != 0) modules.push_back(each.module);
  }
  return modules;
}

std::string_view sentence_of(change::Verdict verdict) {
  switch (verdict) {
    case change::Verdict::goes_through:
      return "it would go through";
    case change::Verdict::with_warnings:
      return "nothing stands against it, but mind the warnings";
    case change::Verdict::not_all_seen:
      return "nothing stands against it, as far as could be looked";
    case change::Verdict::is_never_committed:
      return "it would be installed, but not committed";
    case change::Verdict::is_refused:
      break;
  }
  return "it would be refused";
}

bool goes_through(change::Verdict verdict) {
  return verdict != change::Verdict::is_refused && verdict != change::Verdict::is_never_committed;
}

Json check_json(const change::CheckResult& result) {
  Json settings = Json::array();
  for (const live::SettingChange& change : result.settings)
    settings.push_back(setting_json(change));
  return {{"schema_version", 1},
          {"from", result.from},
          {"to", result.to},
          {"would_go_through", goes_through(change::verdict_of(result))},
          {"verdict", sentence_of(change::verdict_of(result))},
          {"direction", direction_text(result.script)},
          {"steps", result.script.steps},
          {"loads", names_of(result.script.loaded)},
          {"removes", names_of(result.script.removed)},
          {"suspends", names_of(suspended(result))},
          {"forecast", result.forecast ? forecast_json(*result.forecast) : Json(nullptr)},
          {"pause", result.words.pause},
          {"warnings", result.words.warnings},
          {"not_committed", result.words.uncommitted},
          {"not_looked_at", result.words.not_seen},
          {"restarts_emulator", result.script.restarts_emulator},
          {"settings", settings},
          {"objections", texts_of(result.objections)},
          {"notes", result.notes}};
}

std::vector<Atom> without(std::vector<Atom> modules, const std::vector<Atom>& others) {
  std::erase_if(modules, [&](Atom module) {
    return std::find(others.begin(), others.end(), module) != others.end();
  });
  return modules;
}

std::string names_text(const std::vector<Atom>& modules) {
  std::string text;
  for (const std::string& name : names_of(modules))
    text += (text.empty() ? "" : " ") + name;
  return text;
}

// "sets      shop port: 4000 -> 4001"
std::string setting_line(const live::SettingChange& change, const Console& console) {
  std::string text = change.application;
  for (const std::string& key : change.path)
    text += " " + key;
  text += ": " + change.before.value_or("") + (change.before && change.after ? " -> " : "") +
          change.after.value_or("");
  const char* label = !change.before ? "adds" : !change.after ? "drops" : "sets";
  return labelled_line(label, text, console);
}

void print_check(const change::CheckResult& result, Console& console) {
  const auto row = [&](const std::string& label, const std::string& text) {
    if (!text.empty()) console.results() << labelled_line(label, text, console);
  };
  // Where nobody may begin, nothing is known of the change.
  if (!result.from.empty()) {
    console.results() << direction_text(result.script) << " from " << printable(result.from)
                      << " to " << printable(result.to) << ", " << result.script.steps
                      << " steps\n";
  }
  const auto rows = [&](const std::string& label, const std::vector<std::string>& texts) {
    for (const std::string& text : texts)
      row(label, text);
  };
  row("loads", names_text(without(result.script.loaded, result.script.removed)));
  row("removes", names_text(result.script.removed));
  if (!result.forecast) row("suspends", names_text(result.script.suspended));
  if (result.forecast) {
    for (const live::SuspendedProcesses& each : result.forecast->suspended) {
      if (each.processes.count != 0)
        row("suspends", each.module.name() + ": " + change::describe(each.processes));
    }
  }
  row("pause", result.words.pause);
  for (const live::SettingChange& change : result.settings)
    console.results() << setting_line(change, console);
  if (result.script.restarts_emulator) row("restarts", "the emulator");
  rows("connected", result.words.connected);
  rows("note", result.notes);
  rows("unseen", result.words.not_seen);
  rows("warning", result.words.warnings);
  rows("commit", result.words.uncommitted);
  rows("refused", texts_of(result.objections));
  console.results() << sentence_of(change::verdict_of(result)) << "\n";
}

// Of a release that is not there or cannot be read, nothing else can be said: then the call or the
// release is at fault, and not the answer "no".
ExitStatus status_of(const change::CheckResult& result) {
  using change::ObjectionKind;
  for (const auto& objection : result.objections) {
    const ObjectionKind kind = objection->kind();
    if (kind == ObjectionKind::no_such_release || kind == ObjectionKind::unreadable_release) {
      return exit_status(objection->code());
    }
  }
  return goes_through(change::verdict_of(result)) ? ExitStatus::done : ExitStatus::no;
}

ExitStatus run(const Options& options, Console& console) {
  const auto policy = load_policy(options.host, console);
  if (!policy) return ExitStatus::usage;
  const host::Host host = find_host(options.host, console);
  require_writable(options.host, host);
  const policy::HostSettings settings = load_host_settings(host.root, console);
  const auto channel = connect(options.host, host, console);
  change::ChangeRequest request = request_for(options.host.release, std::nullopt, settings);
  request.quiesce = policy->quiesce();
  const change::CheckResult result =
      change::check_change(files_of(host), real_clock(), host, *channel, request,
                           options.deep ? live::Depth::deep : live::Depth::quick);
  if (console.wants_json()) {
    console.results() << dump(check_json(result)) << "\n";
  } else {
    print_check(result, console);
  }
  return status_of(result);
}

Arguments describe(Options& options) {
  Arguments arguments = release_arguments(options.host.release);
  arguments.push_back(
      {.name = "--deep",
       .description = "read large tables and all states, too, for who holds functions",
       .target = &options.deep});
  return with_host_arguments(std::move(arguments), options.host);
}

}  // namespace

Verb check_verb() {
  return make_verb("check", "Show what an upgrade would do, changing nothing", describe, run);
}

}  // namespace relup::cmd
