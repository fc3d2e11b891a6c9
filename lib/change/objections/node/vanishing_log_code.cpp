// SPDX-License-Identifier: Apache-2.0
//
// The logger calls the modules of its handlers, formatters and filters by their names. One that a
// change takes away is called all the same: the handler is dropped, or the messages are lost, and
// nobody says so. Kernel's setting `logger` does not help, since it is read at boot only. A script
// that calls the logger is taken to know what it does.

#include <algorithm>

#include "change/objections.hpp"
#include "live/application_settings.hpp"
#include "live/keyed_values.hpp"

namespace relup::change::by_node {
namespace {

struct VanishingLogCode final : Objection {
  VanishingLogCode(std::string user, std::string module, std::string version)
      : user_(std::move(user)), module_(std::move(module)), version_(std::move(version)) {}
  ObjectionKind kind() const override { return ObjectionKind::vanishing_log_code; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return user_ + " is " + module_ + ", which " + version_ +
           " does not have: after the change its messages would be lost";
  }
  std::string hint() const override {
    return "let the appup call logger:update_handler_config/3 or logger:remove_handler/1 before "
           "the module goes; the setting `logger` of kernel is read at boot only";
  }

 private:
  std::string user_;  // "the formatter of the logger's handler default"
  std::string module_;
  std::string version_;
};

// What a release takes from the OTP on the host has no files in it, and stays at the same version.
bool goes(const ProposedChange& change, Atom module) {
  const release::TreeApplication* before = change.old_release.owner_of(module);
  if (before == nullptr || change.new_release.owner_of(module) != nullptr) return false;
  const release::TreeApplication* after = change.new_release.find(before->name);
  return after == nullptr || !after->is_of_system || after->version != before->version;
}

std::string user_of(Atom handler, const std::string& part) {
  if (handler == "primary") return "a filter of the logger";
  if (part == "handler") return "the code of the logger's handler " + handler.name();
  return (part == "filter" ? "a filter" : "the formatter") +
         std::string(" of the logger's handler ") + handler.name();
}

bool calls_logger(const host::ScriptSummary& script) {
  return std::find(script.called.begin(), script.called.end(), Atom("logger")) !=
         script.called.end();
}

Objections of_handlers(const NodeView& view) {
  Objections objections;
  const ProposedChange& change = *view.change;
  for (const auto& [handler, parts] : live::keyed_values(view.agent.logging())) {
    for (const auto& [part, name] : live::keyed_values(parts)) {
      const Atom* module = name.as_atom();
      if (module == nullptr || !goes(change, *module)) continue;
      objections.push_back(
          object<VanishingLogCode>(user_of(handler, part.name()), module->name(), change.to));
    }
  }
  return objections;
}

const Term* logger_setting(const live::Settings& settings) {
  const auto kernel = settings.find(Atom("kernel"));
  if (kernel == settings.end()) return nullptr;
  const auto logger = kernel->second.find(Atom("logger"));
  return logger == kernel->second.end() ? nullptr : &logger->second;
}

// A node that has no such setting, or the same, has nothing to wait for.
bool is_other(const Term* now, const Term* then) {
  if (now == nullptr || then == nullptr) return now != then;
  return !(*now == *then);
}

// Kernel itself completes the setting that it runs with, so a difference from that may be none.
live::Settings settings_of_old(const NodeView& view) {
  try {
    return live::read_settings(view.agent.environment(view.change->from, {}));
  } catch (const node::NodeError&) {
    throw;
  } catch (const Error&) {
    return {};
  }
}

// The configuration is there when unusable_configuration has found it usable; it is asked before.
void note_setting(const NodeView& view) {
  if (!view.findings.configuration) return;
  const auto configuration =
      live::settings_of(view.change->new_release, live::read_settings(*view.findings.configuration),
                        live::read_settings(view.agent.command_line()));
  const auto running = live::read_settings(view.agent.settings());
  if (!is_other(logger_setting(running), logger_setting(configuration))) return;
  if (!is_other(logger_setting(settings_of_old(view)), logger_setting(configuration))) return;
  view.findings.notes.push_back(
      "the setting `logger` of kernel changes, which is read at boot only: until the node is "
      "started again, the logger keeps the handlers and formatters that it has");
}

}  // namespace

Objections vanishing_log_code(const NodeView& view) {
  if (view.change == nullptr) return {};
  note_setting(view);
  if (view.script != nullptr && calls_logger(*view.script)) return {};
  return of_handlers(view);
}

}  // namespace relup::change::by_node
