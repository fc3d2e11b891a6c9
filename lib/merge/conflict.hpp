// SPDX-License-Identifier: Apache-2.0
#pragma once

// A conflict told to the person who has to resolve it: what happened, what both sides have, and how
// to go on.

#include <optional>
#include <string>

#include "appup/appup.hpp"
#include "appup/appup_text.hpp"
#include "base/diagnostic.hpp"

namespace relup::merge {

// Where in the file, and in which entry, it happened.
struct ConflictPlace {
  Source source;
  Span span;
  appup::Direction direction;
  std::string version;
};

struct ConflictSides {
  std::optional<Term> users;  // what the file has
  std::optional<Term> now;    // what relup would write
  bool is_new = false;        // on both sides: relup has not generated it before
};

// About the instruction for `module`.
Diagnostic instruction_conflict(const ConflictPlace& place, const Atom& module,
                                const ConflictSides& sides);

// An entry that was removed from the file, though relup would write another one now.
Diagnostic entry_conflict(const ConflictPlace& place, const appup::VersionScript& now);

}  // namespace relup::merge
