// SPDX-License-Identifier: Apache-2.0
//
// A code_change that fails restarts the node in the middle of an install. So it is tried before, on
// copies of live states (live/code_trial.hpp), with the settings that it would find. Where it fails
// on the way back, or cannot be decided there, that is only told.

#include "change/objections.hpp"
#include "live/application_settings.hpp"
#include "live/code_trial.hpp"

namespace relup::change::by_node {
namespace {

using appup::Direction;
using live::CodeTrial;
using live::FailedTry;
using live::FailedWith;

constexpr std::int64_t pause_worth_telling = 100'000;  // microseconds

bool is_of_supervisor(const FailedTry& failed) {
  return failed.function == "init/1";
}

const char* right_answer(const FailedTry& failed) {
  if (is_of_supervisor(failed)) return "{ok, {Flags, Children}}";
  return failed.function.ends_with("/4") ? "{ok, NewState, NewData}" : "{ok, NewState}";
}

// "code_change/3 of till (up, from 1.0)"
std::string function_of(const FailedTry& failed, const std::string& older) {
  return failed.function + " of " + failed.module.name() +
         (failed.direction == Direction::up ? " (up, from " : " (down, to ") + older + ")";
}

std::string in_words(const std::string& reason) {
  if (reason == "function_clause") return "no clause fits (function_clause)";
  if (reason == "if_clause") return "no branch fits (if_clause)";
  if (reason.starts_with("case_clause ")) return "no clause of a case fits " + reason.substr(12);
  if (reason.starts_with("badmatch ")) return "a match fails on " + reason.substr(9);
  if (reason.starts_with("badkey ")) return "a map has no key " + reason.substr(7);
  if (reason.starts_with("badrecord ")) return "it is no record " + reason.substr(10);
  if (reason.starts_with("badmap ")) return "it is no map but " + reason.substr(7);
  if (reason.starts_with("undef ")) return "there is no function " + reason.substr(6);
  return reason;
}

std::string failure_text(const FailedTry& failed, const std::string& older) {
  const std::string function = function_of(failed, older);
  const std::string state =
      (is_of_supervisor(failed) ? ", with the argument that it was started with, "
                                : ", with a state ") +
      failed.state;
  switch (failed.failed_with) {
    case FailedWith::crash:
      return function + " crashes: " + in_words(failed.reason) +
             (failed.place.empty() ? "" : ", at " + failed.place) + state;
    case FailedWith::bad_value:
      return function + " answers " + failed.reason + " where " + right_answer(failed) + " is due" +
             state;
    case FailedWith::timeout:
      break;
  }
  return "too slow: after " + failed.reason + " s " + function + " has not answered" + state;
}

struct UnworkableCodeChange final : Objection {
  UnworkableCodeChange(FailedTry failed, std::string older)
      : failed_(std::move(failed)), older_(std::move(older)) {}
  ObjectionKind kind() const override { return ObjectionKind::unworkable_code_change; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "tried on a copy of a live state, " + failure_text(failed_, older_);
  }
  std::string hint() const override {
    if (is_of_supervisor(failed_))
      return "a supervisor that is updated calls it again, and the node would be restarted in the "
             "middle; let it take the old argument as well";
    return failed_.failed_with == FailedWith::timeout
               ? "no process has longer, then the node is restarted; do such work after the upgrade"
               : "the node would be restarted in the middle; mend it in the newer release";
  }

 private:
  FailedTry failed_;
  std::string older_;
};

std::vector<host::StateChange> way_back(const ProposedChange& change) {
  const auto relup_of = [](const release::ReleaseTree& tree) {
    return tree.reference.files->read_if_exists(tree.own_path("relup"));
  };
  try {
    const auto script =
        host::find_script(change.to, change.from,
                          change.made_relup ? change.made_relup : relup_of(change.new_release),
                          relup_of(change.old_release));
    if (script) return script->state_changes;
  } catch (const Error&) {
    // What is wrong with a relup is another objection's.
  }
  return {};
}

// [{App, [{Key, Value}]}], those of the release that it leads to; unusable_configuration has asked
// for the configuration before. Nothing where that cannot be used.
Term settings_to_come(const NodeView& view) {
  if (!view.findings.configuration) return {};
  const live::Settings settings =
      live::settings_of(view.change->new_release, live::read_settings(*view.findings.configuration),
                        live::read_settings(view.agent.command_line()));
  Term::Elements applications;
  for (const auto& [application, values] : settings) {
    Term::Elements pairs;
    for (const auto& [key, value] : values)
      pairs.push_back(Term::tuple({Term(key), value}));
    applications.push_back(Term::tuple({Term(application), Term::list(std::move(pairs))}));
  }
  return Term::list(std::move(applications));
}

// "7 ms", "1.4 s"
std::string duration(std::int64_t microseconds) {
  if (microseconds < 1'000'000) return std::to_string((microseconds + 999) / 1'000) + " ms";
  const std::int64_t tenths = (microseconds + 50'000) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

void add_notes(const CodeTrial& trial, const std::string& older, std::vector<std::string>& notes) {
  for (const FailedTry& failed : trial.failed_back)
    notes.push_back("the way back would fail: " + failure_text(failed, older));
  for (const live::UndecidedTry& undecided : trial.undecided) {
    notes.push_back(
        undecided.function + " of " + undecided.module.name() +
        (undecided.direction == Direction::up ? " (up)" : " (down)") +
        " is not proved, tried on copies of live states in a second emulator: " + undecided.reason);
  }
  for (const live::Pause& pause : trial.pauses) {
    if (pause.processes * pause.microseconds < pause_worth_telling) continue;
    notes.push_back("code_change of " + pause.module.name() + " takes up to " +
                    duration(pause.microseconds) + " for one process, and there are " +
                    std::to_string(pause.processes) + ": " +
                    duration(pause.processes * pause.microseconds) + " one after the other");
  }
  if (!trial.fault.empty())
    notes.push_back("code_change could not be tried on copies of live states: " + trial.fault);
}

}  // namespace

Objections unworkable_code_change(const NodeView& view) {
  if (view.script == nullptr || view.change == nullptr) return {};
  const ProposedChange& change = *view.change;
  const bool is_packed = change.source == ReleaseSource::tarball;
  const std::vector<host::StateChange> back = way_back(change);
  const CodeTrial trial =
      live::try_code_changes(view.agent,
                             {change.old_release, change.new_release,
                              is_packed ? live::NewFiles::packed : live::NewFiles::unpacked,
                              *view.script, back, settings_to_come(view)},
                             [&] {
                               if (view.findings.start) view.findings.start->keep_up();
                             });
  const std::string& older = view.script->direction == Direction::up ? change.from : change.to;
  add_notes(trial, older, view.findings.notes);
  Objections objections;
  for (const FailedTry& failed : trial.failed)
    objections.push_back(object<UnworkableCodeChange>(failed, older));
  return objections;
}

}  // namespace relup::change::by_node
