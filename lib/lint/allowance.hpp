// SPDX-License-Identifier: Apache-2.0
#pragma once

// Comments that tell lint that a finding is all right:
// `%% relup:allow RU012, bad-instruction why it is`. A comment after code covers the findings that
// begin on its line. One on a line of its own covers those that begin on the first line below it
// that is no comment, unless that line is blank.

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"

namespace relup::lint {

struct Rule;

// Whether a finding would be reported without the allowance. Unknown where no rule has looked for
// one, for instance because no releases were named.
enum class Need { unknown, needed, unneeded };

struct AllowedRule {
  std::string text;  // as the comment has it
  Span span;
  const Rule* rule = nullptr;  // null: there is no such rule
  Need need = Need::unknown;
};

struct Allowance {
  Span comment;
  std::vector<AllowedRule> rules;
  std::string reason;      // often empty, which is a finding
  std::uint32_t line = 0;  // whose findings it covers
};

// The allowances among `comments`, which are in the order of the text. `full_stop` is where the
// term of the file ends; a comment after it on the same line counts, too.
std::vector<Allowance> read_allowances(const SourceText& source, std::vector<Span> comments,
                                       Span full_stop);

}  // namespace relup::lint
