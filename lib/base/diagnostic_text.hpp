// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text for people: a diagnostic with its source line and a caret under the place, an error with its
// hint. Pure functions from values to text. Control characters of what is quoted are shown escaped,
// so that no file can drive the terminal.

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/error.hpp"

namespace relup {

struct TextStyle {
  bool colour = false;
  int width = 80;         // columns of the terminal; long source lines are cut to it
  bool show_otp = false;  // also print what OTP would have answered
};

std::string to_text(const Diagnostic& diagnostic, const TextStyle& style);

// The message, what it followed from, and what to do next.
std::string to_text(const Error& error, const TextStyle& style);

// `text` with control characters as \xNN; a line break stays when `keep_lines`.
enum class LineBreaks { keep, escape };
std::string printable(std::string_view text, LineBreaks line_breaks = LineBreaks::escape);

}  // namespace relup
