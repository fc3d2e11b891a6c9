// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether one function is the same code in two versions of a module, whatever else has changed: its
// instructions, and those of all functions of the module that it calls, directly or not, as text
// that can be compared. What the compiler numbers (labels, atoms, imports, literals) is written
// out, since the numbers differ from one compilation to the next.

#include <string>

#include "beam/file/beam_file.hpp"

namespace relup::beam {

// Empty where there is no such function. A damaged file is an Error (bad_input).
std::string function_identity(const BeamFile& file, std::string_view function, unsigned arity);

}  // namespace relup::beam
