// SPDX-License-Identifier: Apache-2.0
#pragma once

// Comments by which a person tells lint that a finding is all right:
// `%% relup:allow RU012, bad-instruction why it is`. One behind code covers what begins on its own
// line, one on a line of its own what begins on the first line below it that is no comment. A blank
// line ends its reach.

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"

namespace relup::lint {

struct Rule;

// Whether there is a finding that would be reported without the allowance. Unknown where nobody has
// looked for one, for instance since no releases were named.
enum class Need { unknown, needed, unneeded };

struct AllowedRule {
  std::string text;  // as it stands there
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
// term of the file ends; a comment behind it on its line counts, too.
std::vector<Allowance> read_allowances(const SourceText& source, std::vector<Span> comments,
                                       Span full_stop);

}  // namespace relup::lint
