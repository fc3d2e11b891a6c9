// SPDX-License-Identifier: Apache-2.0
#pragma once

// Perl-compatible regular expressions as OTP's `re` runs them with the option `unicode`. Systools
// asks of the version in an appup, and of a file name on a path with wildcards, whether the first
// match that is found is the whole text. That is no anchor: `1|1.0` finds `1` in "1.0", so it does
// not do.

#include <string>

namespace relup {

struct RegexMatch {
  bool is_whole = false;
  std::string fault;  // why `pattern` does not compile; empty when it does
};

RegexMatch match_regex(const std::string& pattern, const std::string& text);

}  // namespace relup
