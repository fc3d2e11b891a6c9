// SPDX-License-Identifier: Apache-2.0
#pragma once

// A program as its callers see it, as data, and what a call of it asks for. A call that is wrong is
// a value, too: an Error (usage) that says what would be right.

#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "verb.hpp"

namespace relup::cmd {

struct CommandLine {
  std::string program;
  std::string description;
  Arguments options;  // before or after any verb
  std::vector<Verb> verbs;
  std::string footer;  // of every help
};

// None when no verb has that name.
const Verb* find_verb(const CommandLine& line, const std::string& name);

// A text that the call asked to be printed: a help, or the version.
struct WantedText {
  std::string text;
};

// The verb that was called is one of `line.verbs`; what the call said of it is in the targets of
// the arguments.
using ParsedCall = std::variant<const Verb*, WantedText, Error>;

// `words` are the arguments of the program, without its name.
ParsedCall parse_call(const CommandLine& line, const std::vector<std::string>& words);

}  // namespace relup::cmd
