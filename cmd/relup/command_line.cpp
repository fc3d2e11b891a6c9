// SPDX-License-Identifier: Apache-2.0
//
// CLI11 parses, and takes four seconds to compile: this is the one source that includes it. Its
// options are made from the descriptions of the verbs; what it throws becomes a value again.

#include "command_line.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "help.hpp"
#include "wrong_call.hpp"

namespace relup::cmd {
namespace {

// Tells CLI11 about an argument, by what it sets.
struct Adder {
  CLI::App& app;
  const Argument& argument;

  CLI::Option* operator()(PrintsHelp /*tag*/) const { return app.set_help_flag(argument.name); }
  CLI::Option* operator()(const PrintsVersion& version) const {
    return app.set_version_flag(argument.name, version.text);
  }
  CLI::Option* operator()(bool* flag) const { return app.add_flag(argument.name, *flag); }
  CLI::Option* operator()(std::vector<std::string>* values) const {
    return app.add_option(argument.name, *values);
  }
  CLI::Option* operator()(const OneEach& list) const {
    return app.add_option(argument.name, *list.values)->allow_extra_args(false);
  }
  CLI::Option* operator()(std::string* value) const {
    if (argument.choices.empty()) return app.add_option(argument.name, *value);
    return app.add_option_function<std::string>(
        argument.name, [value, &argument = argument](const std::string& chosen) {
          const auto& choices = argument.choices;
          if (std::find(choices.begin(), choices.end(), chosen) == choices.end()) {
            throw CLI::ValidationError(argument.name + " is " + value_text(argument) + ", not `" +
                                       chosen + "`");
          }
          *value = chosen;
        });
  }
};

void add_arguments(CLI::App& app, const Arguments& arguments) {
  for (const Argument& argument : arguments) {
    CLI::Option* option = std::visit(Adder{app, argument}, argument.target);
    option->required(argument.presence == Presence::required);
    if (!argument.needs.empty()) option->needs(app.get_option(argument.needs));
  }
}

// The verb that CLI11 has come across, if any.
const Verb* called_verb(const CommandLine& line, const CLI::App& app) {
  const auto called = app.get_subcommands();
  return called.empty() ? nullptr : find_verb(line, called.front()->get_name());
}

ParseFailure failure_of(const CLI::App& app, const CLI::ParseError& error) {
  const bool is_extra = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  return {error.what(), is_extra ? app.remaining(true) : std::vector<std::string>()};
}

}  // namespace

const Verb* find_verb(const CommandLine& line, const std::string& name) {
  const auto found = std::find_if(line.verbs.begin(), line.verbs.end(),
                                  [&name](const Verb& verb) { return verb.name == name; });
  return found == line.verbs.end() ? nullptr : &*found;
}

ParsedCall parse_call(const CommandLine& line, const std::vector<std::string>& words) {
  CLI::App app(line.description, line.program);
  app.require_subcommand(1);
  app.fallthrough();
  add_arguments(app, line.options);
  for (const Verb& verb : line.verbs)
    add_arguments(*app.add_subcommand(verb.name), verb.arguments);
  try {
    // CLI11 takes the words from the end.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    return called_verb(line, app);
  } catch (const CLI::CallForHelp&) {
    const Verb* verb = called_verb(line, app);
    return WantedText{verb == nullptr ? help_text(line) : help_text(line, *verb)};
  } catch (const CLI::CallForVersion& version) {
    return WantedText{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return wrong_call(line, words, failure_of(app, error));
  }
}

}  // namespace relup::cmd
