// SPDX-License-Identifier: Apache-2.0
#pragma once

// The changes that deserve a second look before they reach a live node, as rows for people: state
// of another shape, supervisors that have other children or an init/1 that does more than list
// them, consolidated protocols, and the release's own files.

#include <vector>

#include "diff/release_diff.hpp"
#include "text_page.hpp"

namespace relup::cmd {

std::vector<Row> attention_rows(const diff::ReleaseDiff& diff);

}  // namespace relup::cmd
