// SPDX-License-Identifier: Apache-2.0
#pragma once

// How to take an element out of a list in the text of a file, together with one comma.

#include <optional>

#include "base/diagnostic.hpp"
#include "term/term.hpp"

namespace relup::lint {

// None where `element` is not an element of `list` itself, or where there is a comment between it
// and the next element: the comment may be about either.
std::optional<Edit> removal_of(const Term& element, const Term& list, const Source& source);

}  // namespace relup::lint
