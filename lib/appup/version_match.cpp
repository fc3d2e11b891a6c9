// SPDX-License-Identifier: Apache-2.0
#include "appup/version_match.hpp"

#include "release/regex.hpp"
#include "term/printer.hpp"

namespace relup::appup {

std::variant<Term, NoEntry, EntryFault> find_entry(const Term& entries,
                                                   const std::string& version) {
  if (!entries.is_proper_list()) {
    return EntryFault{"bad-version-list", print(entries) + " is not a list of entries",
                      "[{Vsn, Instructions}, ...]", entries.span()};
  }
  for (const Term& entry : *entries.as_list()) {
    const Term::Elements* pair = entry.as_tuple();
    if (pair == nullptr || pair->size() != 2) continue;
    const Term& pattern = pair->front();
    if (pattern == Term::string(version)) return (*pair)[1];
    const Term::Bits* regex = pattern.as_bits();
    if (regex == nullptr || regex->last_bits != 8) continue;
    const release::RegexMatch outcome = release::match_regex(regex->bytes, version);
    if (!outcome.fault.empty()) {
      return EntryFault{"bad-version-regex",
                        "the regular expression does not compile: " + outcome.fault,
                        "a Perl-compatible regular expression", pattern.span()};
    }
    if (outcome.is_whole) return (*pair)[1];
  }
  return NoEntry();
}

}  // namespace relup::appup
