// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where an instruction of an appup says how to purge, in the text of the file. For messages and
// fixes.

#include <optional>

#include "base/diagnostic.hpp"
#include "term/term.hpp"

namespace relup::lint {

// The place that says how to purge before and after the load; the whole instruction where it does
// not say so.
Span before_span(const Term& instruction);
Span after_span(const Term& instruction);

// Writes soft_purge for both, which takes the full form of the instruction. None for an instruction
// that loads nothing.
std::optional<Fix> soft_purge_fix(const Term& instruction);

}  // namespace relup::lint
