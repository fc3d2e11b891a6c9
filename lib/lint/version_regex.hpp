// SPDX-License-Identifier: Apache-2.0
#pragma once

// What can be told of a regular expression that stands for versions in an appup, beyond running it
// on a version: texts that it describes, made from its own parts. They are no proof of what it
// matches: a caller runs it on them (appup/version_match.hpp).

#include <optional>
#include <string>
#include <vector>

#include "term/term.hpp"

namespace relup::lint {

struct DescribedVersions {
  // At least one for each of its alternatives, and for each part that may repeat one with as few as
  // there may be, one with one more and one with two more.
  std::vector<std::string> texts;
  bool is_one_version = false;  // nothing in it leaves a choice: `^1\.0$`
};

// None for an expression with parts that are not understood (references, assertions, flags) or too
// many choices.
std::optional<DescribedVersions> describe_regex(const std::string& regex);

// The regular expression of an entry's version; none where it is a string or no version at all.
std::optional<std::string> regex_of(const Term& version);

// Whether the release handler's tools take `regex` to mean exactly `version`: by the first match
// that is found.
bool serves(const std::string& regex, const std::string& version);

// Whether `version` is among the texts that `regex` describes, found first or not.
bool describes(const std::string& regex, const std::string& version);

// Whether it serves every version there is: `.*`.
bool serves_all(const std::string& regex);

// Whether a string has what only a regular expression has.
bool looks_like_a_regex(const std::string& text);

}  // namespace relup::lint
