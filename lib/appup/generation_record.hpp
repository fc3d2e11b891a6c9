// SPDX-License-Identifier: Apache-2.0
#pragma once

// What relup generated last, recorded in comments at the end of the appup itself: the common
// ancestor of what it would write now and of what somebody has made of the file since. One term an
// entry, a pair for each instruction about a module, a digest alone for any other:
//
//   %% relup:base {up, "1.0", [{shop_cart, "91ab02fe"}, "77aa1234"]}.
//   %% relup:base {digest, "1f0c93d2"}.
//
// The last one is a digest of the others, so that a record that lost a line, in a merge of branches
// say, is known to be damaged.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "appup/appup.hpp"
#include "appup/appup_text.hpp"
#include "appup/fingerprint.hpp"

namespace relup::appup {

struct RecordedEntry {
  Direction direction = Direction::up;
  std::string version;
  Fingerprints instructions;
};

struct GenerationRecord {
  std::vector<RecordedEntry> entries;

  // The instructions recorded for `version`, or null.
  const Fingerprints* find(Direction direction, const std::string& version) const;
};

GenerationRecord record_of(const AppupDocument& document);

// Lines of comment, each ended by a line break.
std::string to_text(const GenerationRecord& record);

struct NoRecord {};
struct DamagedRecord {
  Span span;  // of its first line
};

// The record in the text of an appup.
std::variant<GenerationRecord, NoRecord, DamagedRecord> read_record(std::string_view text);

// `text`, which has a record, with `record` in its place.
std::string replace_record(std::string_view text, const GenerationRecord& record);

}  // namespace relup::appup
