// SPDX-License-Identifier: Apache-2.0
//
// relup check: what an upgrade would do and find, changing nothing.

#include "change/check.hpp"

#include <set>

#include "base/json.hpp"
#include "host_options.hpp"
#include "labelled_line.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
  std::string version;
  std::string tarball;
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

Json check_json(const change::CheckResult& result) {
  Json settings = Json::array();
  for (const live::SettingChange& change : result.settings)
    settings.push_back(setting_json(change));
  return {{"schema_version", 1},
          {"from", result.from},
          {"to", result.to},
          {"would_go_through", result.objections.empty()},
          {"direction", direction_text(result.script)},
          {"steps", result.script.steps},
          {"loads", names_of(result.script.loaded)},
          {"suspends", names_of(result.script.suspended)},
          {"restarts_emulator", result.script.restarts_emulator},
          {"settings", settings},
          {"objections", texts_of(result.objections)},
          {"notes", result.notes}};
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
  const std::string steps = std::to_string(result.script.steps) + " steps";
  console.results() << direction_text(result.script) << " from " << printable(result.from) << " to "
                    << printable(result.to) << ", " << steps << "\n";
  row("loads", names_text(result.script.loaded));
  row("suspends", names_text(result.script.suspended));
  for (const live::SettingChange& change : result.settings)
    console.results() << setting_line(change, console);
  if (result.script.restarts_emulator) row("restarts", "the emulator");
  for (const std::string& note : result.notes)
    row("note", note);
  for (const std::string& objection : texts_of(result.objections))
    row("refused", objection);
  console.results() << (result.objections.empty() ? "it would go through" : "it would be refused")
                    << "\n";
}

// Of a release that is not there or cannot be read, nothing else can be said: then the call or the
// release is at fault, and not the answer "no".
ExitStatus status_of(const change::Objections& objections) {
  using change::ObjectionKind;
  for (const auto& objection : objections) {
    const ObjectionKind kind = objection->kind();
    if (kind == ObjectionKind::no_such_release || kind == ObjectionKind::unreadable_release) {
      return exit_status(objection->code());
    }
  }
  return objections.empty() ? ExitStatus::done : ExitStatus::no;
}

ExitStatus run(const Options& options, Console& console) {
  const host::Host host = find_host(options.host, console);
  const auto channel = connect(options.host, host, console);
  change::ChangeRequest request{options.version, std::nullopt};
  if (!options.tarball.empty()) request.tarball = options.tarball;
  const change::CheckResult result =
      change::check_change(real_file_system(), real_clock(), host, *channel, request);
  if (console.wants_json()) {
    console.results() << dump(check_json(result)) << "\n";
  } else {
    print_check(result, console);
  }
  return status_of(result.objections);
}

Arguments describe(Options& options) {
  return with_host_arguments(
      {{.name = "VERSION",
        .description = "the release to change to",
        .target = &options.version,
        .presence = Presence::required},
       {.name = "--tarball",
        .value = "FILE",
        .description = "its tarball, instead of releases/NAME-VERSION.tar.gz",
        .target = &options.tarball}},
      options.host);
}

}  // namespace

Verb check_verb() {
  return make_verb("check", "Show what an upgrade would do, changing nothing", describe, run);
}

}  // namespace relup::cmd
