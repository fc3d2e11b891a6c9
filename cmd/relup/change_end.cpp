// SPDX-License-Identifier: Apache-2.0
#include "change_end.hpp"

#include <algorithm>
#include <optional>

#include "base/json.hpp"

namespace relup::cmd {
namespace {

using Words = std::vector<std::string>;

// How it came out, as far as it came.
struct End {
  ExitStatus status = ExitStatus::done;
  std::string command;
  change::Outcome outcome = {};
  change::NodeRestart node_restart = change::NodeRestart::unknown;
  std::optional<Error> error = {};
};

// What to type next; nothing where all is done.
Words next_of(const End& end) {
  switch (end.status) {
    case ExitStatus::done:
      if (end.outcome.committed) return {};
      return {"relup commit", "relup rollback"};
    case ExitStatus::uncommitted:
      return {"relup commit", "relup rollback"};
    case ExitStatus::usage:
      return {"relup " + end.command.substr(0, end.command.find(' ')) + " --help"};
    case ExitStatus::unavailable:
    case ExitStatus::hung_up:
    case ExitStatus::interrupted:
    case ExitStatus::no_reader:
    case ExitStatus::terminated:
      return {"relup " + end.command};
    default:
      return {"relup status"};
  }
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json error_json(const Error& error) {
  Words causes;
  std::string hint = error.hint();
  for (const Error* cause = error.cause(); cause != nullptr; cause = cause->cause()) {
    causes.push_back(cause->message());
    if (hint.empty()) hint = cause->hint();
  }
  return {{"message", error.message()}, {"hint", text_or_null(hint)}, {"because", causes}};
}

Json killed_json(const change::Outcome& outcome) {
  Json killed = Json::array();
  for (const live::OldCode& each : outcome.killed)
    killed.push_back({{"module", each.module.name()}, {"processes", each.processes}});
  return killed;
}

Json restart_json(change::NodeRestart restart) {
  if (restart == change::NodeRestart::unknown) return {};
  return restart == change::NodeRestart::yes;
}

Json document_of(const End& end) {
  return {{"schema_version", 1},
          {"exit", {{"code", static_cast<int>(end.status)}, {"meaning", meaning_of(end.status)}}},
          {"node_restarted", restart_json(end.node_restart)},
          {"next", next_of(end)},
          {"from", text_or_null(end.outcome.from)},
          {"to", text_or_null(end.outcome.to)},
          {"committed", end.outcome.committed},
          {"notes", end.outcome.notes},
          {"killed", killed_json(end.outcome)},
          {"error", end.error ? error_json(*end.error) : Json()}};
}

bool asks_for_json(const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--format=json") return true;
    if (words[i] == "json" && i > 0 && words[i - 1] == "--format") return true;
  }
  return false;
}

void show(const End& end, const std::string& sentence, Console& console) {
  for (const std::string& note : end.outcome.notes) {
    if (!console.wants_json()) console.say("note: " + note);
  }
  if (end.error) console.show(*end.error);
  if (console.wants_json()) {
    console.results() << dump(document_of(end)) << "\n";
  } else if (!end.error) {
    console.results() << printable(sentence) << "\n";
  }
}

}  // namespace

std::string wrong_call_document(const Words& words, const Error& error) {
  if (!asks_for_json(words)) return "";
  for (const std::string verb : {"upgrade", "downgrade", "commit", "rollback", "remove"}) {
    if (std::find(words.begin(), words.end(), verb) == words.end()) continue;
    End end{exit_status(error), verb};
    end.error = error;
    return dump(document_of(end)) + "\n";
  }
  return "";
}

ExitStatus run_change(const HostOptions& options, Console& console, const std::string& command,
                      const std::function<std::string(change::Installer&)>& work) {
  End end{.command = command};
  std::string sentence;
  const auto progress = make_progress(console);
  std::optional<change::Installer> installer;
  try {
    emplace_installer(installer, options, console, *progress, command);
    sentence = work(*installer);
  } catch (const Error& error) {
    end.error = error;
    end.status = exit_status(error);
  } catch (const std::exception& fault) {
    end.error = Error(ErrorCode::bug, std::string("a bug in relup: ") + fault.what())
                    .with_hint("please report it with the command that you ran");
    end.status = ExitStatus::bug;
  }
  if (installer) {
    end.outcome = installer->outcome();
    end.node_restart = installer->node_restart();
  }
  show(end, sentence, console);
  return end.status;
}

}  // namespace relup::cmd
