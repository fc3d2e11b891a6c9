// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one layout of appups: that of generated ones (appup_text.hpp), for any term and with comments
// at their places. An entry begins in a line of its own, and so does each instruction; what does
// not fit into a line is broken after an opening bracket.

#include <string>

#include "appup/text_tree.hpp"

namespace relup::appup {

// With the full stop, without a line break after it.
std::string lay_out(const TextTree& tree);

}  // namespace relup::appup
