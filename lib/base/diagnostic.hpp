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

struct Diagnostic {
  std::string rule;  // stable name, e.g. "bad-instruction"
  Severity severity = Severity::error;
  std::string message;             // what was found
  std::string file;                // the file it is about; empty for the call itself
  Source source;                   // the text of that file, when the place in it is known
  Span span;                       // meaningful only with `source`
  std::vector<std::string> notes;  // what would be right, what to do next
  std::string otp;                 // the term that OTP would have answered, printed; often empty
};

using Diagnostics = std::vector<Diagnostic>;

bool has_errors(const Diagnostics& diagnostics);

}  // namespace relup
