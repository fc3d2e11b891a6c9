// SPDX-License-Identifier: Apache-2.0
#pragma once

// The difference of two releases as a text for people: first a line that says how much there is,
// then what needs a restart, what would break an upgrade, what deserves a second look, and last
// each application that differs.

#include <string>

#include "base/diagnostic_text.hpp"
#include "diff/release_diff.hpp"

namespace relup::cmd {

// Whether modules that were only compiled anew, and all modules of an application that is added or
// removed, are counted or named.
enum class DiffDetail { counted, named };

std::string diff_text(const diff::ReleaseDiff& diff, const TextStyle& style, DiffDetail detail);

}  // namespace relup::cmd
