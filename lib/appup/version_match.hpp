// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which entry of an appup serves a version (`systools_relup:appup_search_for_version/2`). Entries
// are tried in file order. A string must be the version itself. A binary is a Perl-compatible
// regular expression, and serves when the first match that it finds is the whole version.

#include <optional>
#include <string>
#include <variant>

#include "term/term.hpp"

namespace relup::appup {

struct NoEntry {};

// Something in the list on which OTP would crash: a list that is none, a regular expression that
// does not compile.
struct EntryFault {
  std::string rule;
  std::string message;
  std::string expected;
  Span span;
};

// What is wrong with a whole up or down list, and with the version of one entry, on its own.
std::optional<EntryFault> fault_of_entries(const Term& entries);
std::optional<EntryFault> fault_of_version(const Term& version);

// The instructions of the entry of `entries` (an up or down list) that serves `version`.
std::variant<Term, NoEntry, EntryFault> find_entry(const Term& entries, const std::string& version);

}  // namespace relup::appup
