// SPDX-License-Identifier: Apache-2.0
#pragma once

// An appup as text for people: one instruction a line. A generated file carries a mark with a
// digest of all else that is in it, so that relup can tell its own work, which it may write anew,
// from one that somebody has edited, which it may not; and at its end a record of what was
// generated, so that an edited one can be merged (generation_record.hpp, merge.hpp).

#include <string>
#include <string_view>
#include <vector>

#include "appup/instruction.hpp"

namespace relup::appup {

struct VersionScript {
  std::string version;  // to come from, or to go back to
  std::vector<Action> instructions;
};

struct AppupDocument {
  std::string version;
  std::vector<VersionScript> up;
  std::vector<VersionScript> down;
};

std::string generated_text(const std::string& application, const AppupDocument& document);

// Parts of that text: the comment that says whose appup it is, an entry, and a term such as an
// instruction, with a space after every comma.
std::string heading(const std::string& application, const std::string& version);
std::string entry_text(const VersionScript& script);
std::string one_line_text(const Term& term);

enum class Authorship { generated, edited };

// Who wrote the last word in an appup file: relup, or somebody after it (or without it).
Authorship authorship(std::string_view text);

// `text` with the mark of `generated` in place of its own, if it has one. It counts as edited
// still, unless the edits have made it the same as `generated`.
std::string replace_mark(const std::string& text, std::string_view generated);

}  // namespace relup::appup
