// SPDX-License-Identifier: Apache-2.0
#pragma once

// The difference of two releases as a document for programs (schemas/diff.schema.json). It says all
// that is known, including what the text for people leaves out.

#include "base/json.hpp"
#include "diff/release_diff.hpp"

namespace relup::cmd {

Json diff_json(const diff::ReleaseDiff& diff);

}  // namespace relup::cmd
