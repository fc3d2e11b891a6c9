// SPDX-License-Identifier: Apache-2.0
#pragma once

// A conflict told to the person who has to resolve it: what happened, what both sides have, and how
// to go on.

#include <optional>
#include <string>

#include "appup/appup.hpp"
#include "appup/appup_text.hpp"
#include "base/diagnostic.hpp"

namespace relup::appup {

// Where in the file, and in which entry, it happened.
struct ConflictPlace {
  Source source;
  Span span;
  Direction direction;
  std::string version;
};

// About the instruction for `module`. `users` and `now` are what the file has and what relup would
// write, none for nothing.
Diagnostic instruction_conflict(const ConflictPlace& place, const Atom& module,
                                const std::optional<Term>& users, const std::optional<Term>& now);

// An entry that was removed from the file, though relup would write another one now.
Diagnostic entry_conflict(const ConflictPlace& place, const VersionScript& now);

}  // namespace relup::appup
