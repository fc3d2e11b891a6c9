// SPDX-License-Identifier: Apache-2.0
#pragma once

// The merge of one direction of an appup: the list of its entries, and in each the instructions.

#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "appup/appup_text.hpp"
#include "appup/generation_record.hpp"
#include "base/diagnostic.hpp"

namespace relup::merge {

// A file that somebody has edited.
struct EditedFile {
  appup::Appup appup;
  std::vector<Span> comments;
  appup::GenerationRecord base;  // what relup generated before

  const Term& entries(appup::Direction direction) const {
    return direction == appup::Direction::up ? appup.up : appup.down;
  }
};

// The text of the list of entries, brought up to date with `now`; meaningful without conflicts
// only, which are added to `conflicts`. None when the file is not written in a way that can be
// merged.
std::optional<std::string> merge_entries(const EditedFile& edited, appup::Direction direction,
                                         const std::vector<appup::VersionScript>& now,
                                         Diagnostics& conflicts);

}  // namespace relup::merge
