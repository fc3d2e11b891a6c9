// SPDX-License-Identifier: Apache-2.0
#pragma once

// The short forms of appup(4), such as `{load_module, M}`, written out in full. Their purge methods
// are brutal_purge, as OTP has it. What is no short form stays as it is, wrong or not.

#include <vector>

#include "term/term.hpp"

namespace relup::appup {

// Expands one instruction.
Term expand_short_form(const Term& instruction);

// Expands a list of instructions. An element that is itself a list is spliced in one level deep,
// and its elements are not expanded (`systools_rc:expand_script/1`).
std::vector<Term> expand_short_forms(const Term::Elements& instructions);

}  // namespace relup::appup
