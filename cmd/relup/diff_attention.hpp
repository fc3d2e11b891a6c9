// SPDX-License-Identifier: Apache-2.0
#pragma once

// What of a difference wants a second look before it goes to a live node: state of another shape,
// supervisors with other children or with an init/1 that does more than describe them,
// consolidated protocols, the release's own files. As rows for people.

#include <vector>

#include "diff/release_diff.hpp"
#include "text_page.hpp"

namespace relup::cmd {

std::vector<Row> attention_rows(const diff::ReleaseDiff& diff);

}  // namespace relup::cmd
