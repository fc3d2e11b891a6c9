// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a regular expression for versions in an appup describes: sample texts, made from its parts.
// They are no proof of what it matches; a caller runs it on them (`serves`).

#include <optional>
#include <string>
#include <vector>

#include "term/term.hpp"

namespace relup::lint {

struct DescribedVersions {
  // At least one text for each alternative. For a part that may repeat: one text with the least
  // number of repetitions, one with one more, and one with two more.
  std::vector<std::string> texts;
  bool is_one_version = false;  // the expression leaves no choice: `^1\.0$`
};

// None for an expression with parts that are not understood (references, assertions, flags) or too
// many choices.
std::optional<DescribedVersions> describe_regex(const std::string& regex);

// The regular expression of an entry's version; none where it is a string or no version at all.
std::optional<std::string> regex_of(const Term& version);

// Whether an entry with `regex` serves `version`: the first match that is found must be all of it.
bool serves(const std::string& regex, const std::string& version);

// Whether `version` as a whole can match `regex`, even where another match is found first.
bool describes(const std::string& regex, const std::string& version);

// Whether it serves every version there is: `.*`.
bool serves_all(const std::string& regex);

// Whether a string has what only a regular expression has.
bool looks_like_a_regex(const std::string& text);

}  // namespace relup::lint
