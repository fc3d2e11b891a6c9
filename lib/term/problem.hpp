// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fault in the files of a release, as a diagnostic and as the reason that systools answers for
// it:
// `{error, systools_make, Reason}`.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "term/term.hpp"

namespace relup {

struct Problem {
  Diagnostic diagnostic;
  Term reason;
};

using Problems = std::vector<Problem>;

Problem make_problem(std::string rule, const Source& source, Span span, std::string message,
                     Term reason);

// The same for a file that could not be read at all.
Problem make_file_problem(std::string rule, std::string file, std::string message, Term reason);

}  // namespace relup
