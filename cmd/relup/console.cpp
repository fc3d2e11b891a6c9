// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace relup::cmd {
namespace {

bool environment_says(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

// no-color.org, and what FORCE_COLOR and TERM=dumb mean to most tools.
bool wants_colour(ColourMode mode, bool is_terminal) {
  if (mode != ColourMode::automatic) return mode == ColourMode::always;
  if (environment_says("NO_COLOR")) return false;
  if (environment_says("FORCE_COLOR")) return true;
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return is_terminal && !dumb;
}

int columns_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

TextStyle style_for(int descriptor, ColourMode mode, bool verbose) {
  return {wants_colour(mode, ::isatty(descriptor) != 0), columns_of(descriptor), verbose};
}

}  // namespace

void Console::configure(const GlobalOptions& options) {
  options_ = options;
  result_style_ = style_for(STDOUT_FILENO, options.colour, options.verbose);
  message_style_ = style_for(STDERR_FILENO, options.colour, options.verbose);
  results_are_watched_ = ::isatty(STDOUT_FILENO) != 0;
  messages_are_watched_ = ::isatty(STDERR_FILENO) != 0;
}

void Console::detail(const std::string& line) {
  if (options_.verbose) messages_ << printable(line, LineBreaks::keep) << "\n";
}

void Console::say(const std::string& line) {
  if (!options_.quiet) messages_ << printable(line, LineBreaks::keep) << "\n";
}

void Console::show(const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (options_.quiet && diagnostic.severity != Severity::error) continue;
    messages_ << to_text(diagnostic, message_style_);
  }
}

void Console::show(const Error& error) {
  messages_ << to_text(error, message_style_);
}

}  // namespace relup::cmd
