// SPDX-License-Identifier: Apache-2.0
#include "global_options.hpp"

#include <algorithm>
#include <numeric>

#include "version.hpp"

namespace relup::cmd {
namespace {

const std::map<std::string, Format> formats{{"text", Format::text}, {"json", Format::json}};
const std::map<std::string, ColourMode> colour_modes{
    {"auto", ColourMode::automatic}, {"always", ColourMode::always}, {"never", ColourMode::never}};
const std::map<std::string, ProgressMode> progress_modes{{"auto", ProgressMode::automatic},
                                                         {"plain", ProgressMode::plain},
                                                         {"json", ProgressMode::json},
                                                         {"none", ProgressMode::none}};

// A choice among names; help lists the names, not the numbers behind them.
template <typename Value>
void add_choice(CLI::App& app, const std::string& name, Value& value,
                const std::string& description, const std::map<std::string, Value>& choices) {
  std::vector<std::string> names;
  for (const auto& choice : choices)
    names.push_back(choice.first);
  app.add_option_function<std::string>(
         name, [&value, &choices](const std::string& text) { value = choices.at(text); },
         description)
      ->check(CLI::IsMember(names));
}

// How many letters must change to make one word of the other.
std::size_t edit_distance(const std::string& left, const std::string& right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t change = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string nearest_verb(const CLI::App& app, const std::string& word) {
  std::string nearest;
  std::size_t best = 3;
  for (const CLI::App* verb : app.get_subcommands({})) {
    const std::size_t distance = edit_distance(word, verb->get_name());
    if (distance < best) {
      best = distance;
      nearest = verb->get_name();
    }
  }
  return nearest;
}

// The verb that was meant, when the first word that is no option is none.
std::string unknown_verb(const CLI::App& app, int argument_count, char** arguments) {
  for (int i = 1; i < argument_count; ++i) {
    const std::string word = arguments[i];
    if (word.starts_with('-')) continue;
    const auto verbs = app.get_subcommands({});
    const bool known = std::any_of(verbs.begin(), verbs.end(),
                                   [&](const CLI::App* verb) { return verb->get_name() == word; });
    return known ? "" : word;
  }
  return "";
}

}  // namespace

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("relup ") + version);
  add_choice(app, "--format", options.format, "how results are printed: text or json", formats);
  add_choice(app, "--color", options.colour, "auto, always or never", colour_modes);
  add_choice(app, "--progress", options.progress, "auto, plain, json or none", progress_modes);
  app.add_flag("-q,--quiet", options.quiet, "errors only");
  app.add_flag("-v,--verbose", options.verbose, "say what is done, and where settings come from");
  app.footer(
      "Exit status: 0 done, 1 the answer is no, 2 wrong call, 3 bad input, 4 failed and\n"
      "the old release is running, 5 failed and the state is not certain, 6 needs a\n"
      "restart, 70 a bug in relup, 75 busy or unreachable: try again.");
}

ExitStatus show_parse_error(Program& program, const CLI::ParseError& error, int argument_count,
                            char** arguments) {
  if (error.get_exit_code() == 0) {
    program.app.exit(error, program.console.results(), program.console.messages());
    return ExitStatus::done;
  }
  if (argument_count <= 1) {
    program.console.messages() << program.app.help();
    return ExitStatus::usage;
  }
  Error shown(ErrorCode::usage, error.what());
  shown.with_hint("run `relup --help`");
  const std::string word = unknown_verb(program.app, argument_count, arguments);
  if (!word.empty()) {
    shown = Error(ErrorCode::usage, "there is no verb `" + word + "`");
    const std::string nearest = nearest_verb(program.app, word);
    shown.with_hint(nearest.empty() ? "run `relup --help` for the list of verbs"
                                    : "did you mean `relup " + nearest + "`?");
  }
  program.console.show(shown);
  return ExitStatus::usage;
}

}  // namespace relup::cmd
