// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes an element out of a list in the text of a file, together with one comma.

#include <optional>

#include "base/diagnostic.hpp"
#include "term/term.hpp"

namespace relup::lint {

// None where `element` does not stand in `list` itself, or where a comment stands between it and
// its comma, for nobody can say what the comment is about.
std::optional<Edit> removal_of(const Term& element, const Term& list, const Source& source);

}  // namespace relup::lint
