// SPDX-License-Identifier: Apache-2.0
#include "differential/regexes.hpp"

#include <vector>

namespace relup::differential {
namespace {

using Texts = std::vector<std::string>;

std::string escaped_for_regex(const std::string& version) {
  std::string out;
  for (const char letter : version) {
    if (letter == '.' || letter == '+') out += '\\';
    out += letter;
  }
  return out;
}

}  // namespace

std::string right_regex(const std::string& version, Random& random) {
  const std::string exact = escaped_for_regex(version);
  const Texts patterns{exact, "^" + exact + "$",   ".*",
                       ".+",  "(?:" + exact + ")", exact + "(?:\\.[0-9]+)*"};
  return random.pick(patterns);
}

std::string odd_regex(const std::string& version, Random& random) {
  const std::string exact = escaped_for_regex(version);
  const Texts patterns{"1|" + exact,
                       exact + "|1",
                       ".*?",
                       ".+?",
                       "",
                       "[0-9.]+",
                       "[^9]*",
                       "(?i)V" + exact,
                       "(?!2)" + exact,
                       "(?=1).*",
                       "(?<=x)" + exact,
                       "(.)\\.\\1",
                       "(?<n>1).*",
                       "(?P<n>1)\\.(?P=n)",
                       "\\d++(?:\\.\\d++)*",
                       "\\d+\\.\\d+",
                       "(?x) 1 \\. 0 # one",
                       "^1",
                       "0$",
                       "\\A.*\\z",
                       "\\A.*\\Z",
                       "1.0",
                       "(?s).*",
                       "\\X*",
                       "\\w+",
                       "(?U).*",
                       "\\p{N}.*",
                       "(?#c)" + exact,
                       "\\Q" + exact + "\\E",
                       "1\\K.*",
                       "(?>1.*)",
                       "(?(1)a|.*)",
                       "[[:digit:].]+",
                       "(",
                       ")",
                       "*",
                       "[",
                       "a{2,1}",
                       "(?<n",
                       "\\",
                       "(?P<n>a)(?P<n>b)",
                       "\\2",
                       "[b-a]",
                       "\xFF",
                       "\\x{110000}",
                       "(?R)",
                       "(*COMMIT)" + exact,
                       "\\g{1}",
                       "(1)(\\.)(0)",
                       "caf\u00E9",
                       "1.0\u00E9",
                       ".{3}",
                       ".{4}",
                       "\\N+",
                       "(?|1|2).*",
                       "(*UTF8).*",
                       "(*CRLF).*",
                       "a{,3}.*",
                       "\\h*.*",
                       "\\C*",

                       "(?C1).*",
                       "\\K"};
  return random.pick(patterns);
}

}  // namespace relup::differential
