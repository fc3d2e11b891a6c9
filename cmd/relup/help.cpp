// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

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

}  // namespace

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "Usage: " + name;
  for (const CLI::Option* option : app->get_options()) {
    if (option->get_positional()) {
      usage += " " + make_option_usage(option);
    } else if (option->get_required()) {
      usage += " " + make_option_name(option, false) + make_option_opts(option);
    }
  }
  usage += app->get_subcommands({}).empty() ? " [OPTION]..." : " VERB [OPTION]...";
  return wrapped(usage, {0, 4, width}) + "\n";
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
  const bool is_verb = app->get_parent() != nullptr;
  return (is_verb ? "`relup --help` shows the options that every verb takes.\n\n" : "") +
         app->get_footer() + "\n";
}

std::string HelpFormatter::make_subcommand(const CLI::App* verb) const {
  return entry(verb->get_name(), verb->get_description());
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string name = make_option_name(option, is_positional);
  if (!is_positional) name += make_option_opts(option);
  return entry(name, make_option_desc(option));
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::string& value = option->get_option_text();
  if (!value.empty()) return " " + value;
  return option->get_type_name().empty() ? "" : " VALUE";  // a flag has no type
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  const std::string& standard = option->get_default_str();
  return option->get_description() + (standard.empty() ? "" : " (default: " + standard + ")");
}

}  // namespace relup::cmd
