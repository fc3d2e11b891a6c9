// SPDX-License-Identifier: Apache-2.0
#pragma once

// An application upgrade file, `NAME.appup` (appup(4)): for each version one can come from and each
// one can go back to, the instructions. A value; reading it checks the frame only, instructions are
// read by whoever uses them.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/source.hpp"
#include "term/parser.hpp"
#include "term/term.hpp"

namespace relup::appup {

enum class Direction { up, down };

struct Entry {
  Term version;       // a string is taken literally, a binary is a regular expression
  Term instructions;  // a list
  Span span;
};

struct Appup {
  Term version;  // of the application whose appup it is
  Term up;       // the lists as they stand in the file
  Term down;
  Source source;  // null for one that was not read from a file
  Term whole;
};

// Takes the frame of an appup apart; none when the term is not `{Vsn, UpFrom, DownTo}`.
std::optional<Appup> read_appup_term(const Term& term, const Source& source);

Term to_term(const Appup& appup);

}  // namespace relup::appup
