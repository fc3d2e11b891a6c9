// SPDX-License-Identifier: Apache-2.0
#include "appup/version_match.hpp"

#include "base/regex.hpp"
#include "term/printer.hpp"

namespace relup::appup {

namespace {

// None where OTP compares the term instead of running it: it is no binary, or has odd bits.
const Term::Bits* regex_of(const Term& version) {
  const Term::Bits* bits = version.as_bits();
  return bits == nullptr || bits->last_bits != 8 ? nullptr : bits;
}

EntryFault bad_regex(const Term& version, const std::string& fault) {
  return {"bad-version-regex", "the regular expression does not compile: " + fault,
          "a Perl-compatible regular expression", version.span()};
}

}  // namespace

std::optional<EntryFault> fault_of_entries(const Term& entries) {
  if (entries.is_proper_list()) return std::nullopt;
  return EntryFault{"bad-version-list", print(entries) + " is not a list of entries",
                    "[{Vsn, Instructions}, ...]", entries.span()};
}

std::optional<EntryFault> fault_of_version(const Term& version) {
  const Term::Bits* regex = regex_of(version);
  if (regex == nullptr) return std::nullopt;
  const RegexMatch outcome = match_regex(regex->bytes, "");
  return outcome.fault.empty() ? std::nullopt : std::optional(bad_regex(version, outcome.fault));
}

std::variant<Term, NoEntry, EntryFault> find_entry(const Term& entries,
                                                   const std::string& version) {
  if (auto fault = fault_of_entries(entries)) return std::move(*fault);
  for (const Term& entry : *entries.as_list()) {
    const Term::Elements* pair = entry.as_tuple();
    if (pair == nullptr || pair->size() != 2) continue;
    const Term& pattern = pair->front();
    if (pattern == Term::string(version)) return (*pair)[1];
    const Term::Bits* regex = regex_of(pattern);
    if (regex == nullptr) continue;
    const RegexMatch outcome = match_regex(regex->bytes, version);
    if (!outcome.fault.empty()) return bad_regex(pattern, outcome.fault);
    if (outcome.is_whole) return (*pair)[1];
  }
  return NoEntry();
}

}  // namespace relup::appup
