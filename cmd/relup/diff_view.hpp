// SPDX-License-Identifier: Apache-2.0
#pragma once

// The difference of two releases as a text for people: in one line how much of it there is, then
// what cannot be hot, what would break an upgrade, what wants a second look, and at last every
// application that differs.

#include <string>

#include "base/diagnostic_text.hpp"
#include "diff/release_diff.hpp"

namespace relup::cmd {

// Modules that were only compiled anew, and those of applications that come or go as a whole, are
// counted or named.
enum class DiffDetail { counted, named };

std::string diff_text(const diff::ReleaseDiff& diff, const TextStyle& style, DiffDetail detail);

}  // namespace relup::cmd
