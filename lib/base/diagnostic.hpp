// SPDX-License-Identifier: Apache-2.0
#pragma once

// A finding about a file of the user: a value, collected and shown, never thrown. It names the rule
// that found it, says where and what, and what would be right. Renderers are pure functions of it.

#include <optional>
#include <string>
#include <vector>

#include "base/source.hpp"

namespace relup {

enum class Severity { note, warning, error };

std::string_view to_string(Severity severity);

// Text to put in the place of another.
struct Edit {
  Span span;
  std::string text;
};

// A change of the file after which the finding is gone and the file means what it should.
struct Fix {
  std::string title;  // what it does: "write the regular expression as a binary"
  std::vector<Edit> edits;
};

struct Diagnostic {
  std::string rule;       // stable name, e.g. "bad-instruction"
  std::string code = {};  // of a rule of the linter, e.g. "RU003"
  Severity severity = Severity::error;
  std::string message;             // what was found
  std::string file;                // the file it is about; empty for the call itself
  Source source;                   // the text of that file, when the place in it is known
  Span span;                       // meaningful only with `source`
  std::vector<std::string> notes;  // what would be right, what to do next
  std::string otp;                 // the term that OTP would have answered, printed; often empty
  std::optional<Fix> fix = std::nullopt;
};

using Diagnostics = std::vector<Diagnostic>;

bool has_errors(const Diagnostics& diagnostics);

}  // namespace relup
