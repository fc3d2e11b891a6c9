// SPDX-License-Identifier: Apache-2.0
//
// relup history: what relup has done to a root, from its journal.

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "base/duration.hpp"
#include "base/json.hpp"
#include "base/words.hpp"
#include "host/journal.hpp"
#include "host_options.hpp"
#include "text_page.hpp"

namespace relup::cmd {
namespace {

using host::Operation;

struct Options {
  std::string root;
  std::string last = "10";
};

std::size_t count_of(const std::string& text) {
  std::size_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure == std::errc() && end == text.data() + text.size()) return count;
  throw Error(ErrorCode::usage, "--last is a number, not `" + text + "`");
}

// "2026-11-28T21:41:10Z"
std::string time_text(host::WallTime time, const char* format) {
  const std::time_t seconds = time.count() / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string how_of(const Operation& operation) {
  return operation.end ? operation.end->how : "cut off";
}

std::string way_of(const Operation& operation) {
  if (operation.from.empty() || operation.from == operation.to) return operation.to;
  if (operation.to.empty()) return operation.from;
  return operation.from + " -> " + operation.to;
}

std::string steps_of(const Operation& operation) {
  std::vector<std::string> steps;
  for (const host::StepRecord& each : operation.steps)
    steps.push_back(each.step + " " + duration_text(each.took) +
                    (each.has_failed ? " (failed)" : ""));
  return joined(steps);
}

Milliseconds took(const Operation& operation) {
  return operation.end->at - operation.begun;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json operation_json(const Operation& operation) {
  const auto& end = operation.end;
  Json document{
      {"number", operation.number},
      {"verb", operation.verb},
      {"from", text_or_null(operation.from)},
      {"to", text_or_null(operation.to)},
      {"user", operation.actor.user},
      {"pid", operation.actor.pid},
      {"relup", operation.actor.relup},
      {"begun", time_text(operation.begun, "%Y-%m-%dT%H:%M:%SZ")},
      {"ended", end ? Json(time_text(end->at, "%Y-%m-%dT%H:%M:%SZ")) : Json()},
      {"milliseconds", end ? Json(took(operation).count()) : Json()},
      {"how", end ? Json(end->how) : Json()},
      {"message", end ? text_or_null(end->message) : Json()},
      {"open", operation.is_open()},
      {"node_restarted", end && end->node_was_restarted ? Json(*end->node_was_restarted) : Json()},
      {"hurt", end ? end->hurt : std::vector<std::string>()},
      {"steps", Json::array()}};
  for (const host::StepRecord& each : operation.steps) {
    document["steps"].push_back(
        {{"step", each.step}, {"milliseconds", each.took.count()}, {"failed", each.has_failed}});
  }
  return document;
}

void show(const Operation& operation, bool is_last, TextPage& page) {
  const bool is_well = how_of(operation) == "done" || how_of(operation) == "finished";
  page.heading(std::to_string(operation.number) + " " + operation.verb + " " + way_of(operation) +
                   ": " + how_of(operation),
               is_well ? Colour::green : Colour::yellow);
  std::vector<Row> rows{{"begun", time_text(operation.begun, "%Y-%m-%d %H:%M:%S UTC") + ", by " +
                                      operation.actor.user + " (pid " +
                                      std::to_string(operation.actor.pid) + ", relup " +
                                      operation.actor.relup + ")"}};
  if (operation.end) rows.push_back({"took", duration_text(took(operation))});
  if (!operation.steps.empty()) rows.push_back({"steps", steps_of(operation)});
  if (operation.end) {
    const auto& end = *operation.end;
    rows.push_back({"killed", end.hurt.empty() ? "nobody" : joined(end.hurt)});
    if (end.node_was_restarted == true) rows.push_back({"node", "was restarted"});
    if (!end.message.empty()) rows.push_back({"end", end.message});
  }
  if (is_last && operation.is_open())
    rows.push_back({"next", "`relup recover`, or the next change, ends it"});
  page.rows(rows);
}

void print(const host::JournalContent& journal, std::size_t first, Console& console) {
  TextPage page(console.result_style());
  if (journal.operations.empty()) page.paragraph("relup has changed nothing here");
  for (std::size_t i = first; i < journal.operations.size(); ++i)
    show(journal.operations[i], i + 1 == journal.operations.size(), page);
  if (journal.damaged_lines > 0) {
    page.heading(counted(journal.damaged_lines, "line") +
                     " of the journal cannot be read; a relup that was killed leaves one",
                 Colour::yellow);
  }
  std::string text = page.text();
  if (text.starts_with('\n')) text.erase(0, 1);
  console.results() << text;
}

ExitStatus run(const Options& options, Console& console) {
  const std::size_t wanted = count_of(options.last);
  const std::string root = find_root(options.root, console);
  const host::JournalContent journal = host::read_journal(real_file_system(), root);
  const std::size_t count = journal.operations.size();
  const std::size_t first = wanted == 0 || wanted > count ? 0 : count - wanted;
  if (!console.wants_json()) {
    print(journal, first, console);
    return ExitStatus::done;
  }
  Json document{{"schema_version", 1},
                {"root", root},
                {"operations", Json::array()},
                {"damaged_lines", journal.damaged_lines}};
  for (std::size_t i = first; i < count; ++i)
    document["operations"].push_back(operation_json(journal.operations[i]));
  console.results() << dump(std::move(document)) << "\n";
  return ExitStatus::done;
}

Arguments describe(Options& options) {
  return {{.name = "--last",
           .value = "N",
           .description = "only so many, or 0 for all",
           .target = &options.last,
           .standard = "10"},
          root_argument(options.root)};
}

}  // namespace

Verb history_verb() {
  return make_verb("history", "Show what was done, when, and by whom", describe, run);
}

}  // namespace relup::cmd
