// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

#include <algorithm>

#include "base/wrapped_text.hpp"

namespace relup::cmd {
namespace {

constexpr std::size_t width = 80;
constexpr std::size_t description_column = 28;

std::string entry(const std::string& name, const std::string& description) {
  std::string line = "  " + name;
  if (line.size() + 2 > description_column) {
    line += "\n" + std::string(description_column, ' ');
  } else {
    line.resize(description_column, ' ');
  }
  return line + wrapped(description, {description_column, description_column, width}) + "\n";
}

std::string entry(const Argument& argument) {
  const std::string value = value_text(argument);
  const std::string standard =
      argument.standard.empty() ? "" : " (default: " + argument.standard + ")";
  return entry(argument.name + (value.empty() ? "" : " " + value), argument.description + standard);
}

enum class Kind { positional, option };

std::string section(const std::string& title, const Arguments& arguments, Kind kind) {
  std::string text;
  for (const Argument& argument : arguments) {
    if (is_positional(argument) == (kind == Kind::positional)) text += entry(argument);
  }
  return text.empty() ? "" : "\n" + title + ":\n" + text;
}

// How an argument stands in the usage line; empty for what a call may do without.
std::string usage_of(const Argument& argument) {
  const bool is_required = argument.presence == Presence::required;
  if (is_positional(argument)) {
    const bool is_list = std::holds_alternative<std::vector<std::string>*>(argument.target);
    const std::string name = argument.name + (is_list ? "..." : "");
    return is_required ? " " + name : " [" + name + "]";
  }
  return is_required ? " " + argument.name + " " + value_text(argument) : "";
}

std::string usage_line(const std::string& call, const Arguments& arguments,
                       const std::string& rest) {
  std::string usage = "Usage: " + call;
  for (const Argument& argument : arguments)
    usage += usage_of(argument);
  return wrapped(usage + rest, {0, 4, width}) + "\n";
}

// --help is the one option of the program that the help of a verb shows.
Arguments shown_arguments(const CommandLine& line, const Verb& verb) {
  Arguments shown;
  std::copy_if(
      line.options.begin(), line.options.end(), std::back_inserter(shown),
      [](const Argument& each) { return std::holds_alternative<PrintsHelp>(each.target); });
  shown.insert(shown.end(), verb.arguments.begin(), verb.arguments.end());
  return shown;
}

}  // namespace

std::string help_text(const CommandLine& line) {
  std::string text = line.description + "\n" +
                     usage_line(line.program, line.options, " VERB [OPTION]...") +
                     section("Options", line.options, Kind::option) + "\nVerbs:\n";
  for (const Verb& verb : line.verbs)
    text += entry(verb.name, verb.description);
  return text + "\n" + line.footer + "\n";
}

std::string help_text(const CommandLine& line, const Verb& verb) {
  const Arguments arguments = shown_arguments(line, verb);
  return verb.description + "\n" +
         usage_line(line.program + " " + verb.name, arguments, " [OPTION]...") +
         section("Arguments", arguments, Kind::positional) +
         section("Options", arguments, Kind::option) + "\n`" + line.program +
         " --help` shows the options that every verb takes.\n\n" +
         (verb.footer.empty() ? "" : verb.footer + "\n\n") + line.footer + "\n";
}

}  // namespace relup::cmd
