// SPDX-License-Identifier: Apache-2.0
#pragma once

// What differs between two versions of an application besides the code of its modules: what it
// needs started, how it starts, its environment, its private files. The important comes first.

#include <string>
#include <vector>

#include "diff/release_diff.hpp"

namespace relup::diff {

// One application of a release: its files and what its .app file says.
struct ApplicationPart {
  const release::ReleaseTree& tree;
  const release::TreeApplication& files;
  const release::AppFile& resource;
};

// Fills in `details` and `fixed_at_start` of `change`.
void compare_details(const ApplicationPart& old_part, const ApplicationPart& new_part,
                     ApplicationChange& change);

// Modules that the .app file and the ebin directory do not agree on.
std::vector<ApplicationDetail> check_module_list(const ApplicationPart& application);

}  // namespace relup::diff
