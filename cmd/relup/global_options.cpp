// SPDX-License-Identifier: Apache-2.0
#include "global_options.hpp"

#include <algorithm>

#include "base/nearest_name.hpp"
#include "help.hpp"
#include "version.hpp"

namespace relup::cmd {
namespace {

template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

const Choices<Format> formats{{"text", Format::text},
                              {"json", Format::json},
                              {"sarif", Format::sarif},
                              {"github", Format::github}};
const Choices<ColourMode> colour_modes{
    {"auto", ColourMode::automatic}, {"always", ColourMode::always}, {"never", ColourMode::never}};
const Choices<ProgressMode> progress_modes{{"auto", ProgressMode::automatic},
                                           {"plain", ProgressMode::plain},
                                           {"json", ProgressMode::json},
                                           {"none", ProgressMode::none}};

// A choice among names, the first of which is what counts without the option.
template <typename Value>
void add_choice(CLI::App& app, const std::string& name, Value& value,
                const std::string& description, const Choices<Value>& choices) {
  std::string names;
  for (const auto& choice : choices)
    names += (names.empty() ? "" : "|") + choice.first;
  const auto choose = [&value, &choices, name, names](const std::string& text) {
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const auto& choice) { return choice.first == text; });
    if (found == choices.end()) {
      throw CLI::ValidationError(name + " is " + names + ", not `" + text + "`");
    }
    value = found->second;
  };
  app.add_option_function<std::string>(name, choose, description)->option_text(names);
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({}))
    names.push_back(verb->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app, const CLI::App* verb) {
  std::vector<std::string> names;
  for (const CLI::App* owner : {&app, verb}) {
    if (owner == nullptr) continue;
    for (const CLI::Option* option : owner->get_options()) {
      for (const std::string& name : option->get_lnames())
        names.push_back("--" + name);
    }
  }
  return names;
}

// What should be the verb: the first word that is neither an option nor the value of one.
std::string first_word(const CLI::App& app, int argument_count, char** arguments) {
  for (int i = 1; i < argument_count; ++i) {
    std::string word = arguments[i];
    if (!word.starts_with('-')) return word;
    const CLI::Option* option = app.get_option_no_throw(word);
    if (option != nullptr && !option->get_option_text().empty()) ++i;
  }
  return "";
}

Error unknown_verb(const CLI::App& app, const std::string& word) {
  const std::string meant = nearest_name(word, verb_names(app));
  return Error(ErrorCode::usage, "there is no verb `" + word + "`")
      .with_hint(meant.empty() ? "run `relup --help` for the list of verbs"
                               : "did you mean `relup " + meant + "`?");
}

// What CLI11 could not parse, in our words where its own are odd.
Error wrong_call(const CLI::App& app, const CLI::App* verb, const CLI::ParseError& error) {
  const std::string help =
      verb == nullptr ? "run `relup --help`" : "run `relup " + verb->get_name() + " --help`";
  const std::vector<std::string> extras = app.remaining(true);
  const bool is_extra = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (!is_extra || extras.empty()) {
    return Error(ErrorCode::usage, verb == nullptr ? "a verb is missing" : error.what())
        .with_hint(help);
  }
  const auto option = std::find_if(extras.begin(), extras.end(),
                                   [](const auto& word) { return word.starts_with('-'); });
  if (option == extras.end()) {
    return Error(ErrorCode::usage, "one argument too many: `" + extras.front() + "`")
        .with_hint(help);
  }
  const std::string name = option->substr(0, option->find('='));
  const std::string meant = nearest_name(name, option_names(app, verb));
  return Error(ErrorCode::usage, "there is no option `" + name + "`")
      .with_hint(meant.empty() ? help : "did you mean `" + meant + "`?");
}

}  // namespace

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.require_subcommand(1);
  app.fallthrough();
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->label("Positionals", "Arguments");
  app.set_help_flag("-h,--help", "print this text");
  app.set_version_flag("--version", std::string("relup ") + version, "print the version");
  add_choice(app, "--format", options.format,
             "how results are printed; sarif and github are for lint", formats);
  add_choice(app, "--color", options.colour, "auto: on a terminal", colour_modes);
  add_choice(app, "--progress", options.progress, "how the steps of a change are told",
             progress_modes);
  app.add_option("--config", options.config, "wishes for generate and lint (relup.yaml)")
      ->option_text("FILE");
  app.add_flag("-q,--quiet", options.quiet, "errors only");
  app.add_flag("-v,--verbose", options.verbose, "say what is done, and where settings come from");
  app.footer(
      "Exit status: 0 done, 1 the answer is no, 2 wrong call, 3 bad input, 4 failed and\n"
      "the old release is running, 5 failed and the state is not certain, 6 needs a\n"
      "restart, 70 a bug in relup, 75 busy or unreachable: try again.");
}

void check_format(const CLI::App& app, const GlobalOptions& options) {
  if (options.format == Format::text || options.format == Format::json) return;
  const std::string verb = app.get_subcommands().front()->get_name();
  if (verb == "lint") return;
  const std::string format = options.format == Format::sarif ? "sarif" : "github";
  throw Error(ErrorCode::usage, "`relup " + verb + "` has no --format " + format)
      .with_hint("its formats are text and json; `relup lint` has sarif and github, too");
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
  const std::string word = first_word(program.app, argument_count, arguments);
  const std::vector<std::string> verbs = verb_names(program.app);
  const bool is_verb = std::find(verbs.begin(), verbs.end(), word) != verbs.end();
  const CLI::App* verb = is_verb ? program.app.get_subcommand(word) : nullptr;
  program.console.show(is_verb || word.empty() ? wrong_call(program.app, verb, error)
                                               : unknown_verb(program.app, word));
  return ExitStatus::usage;
}

}  // namespace relup::cmd
