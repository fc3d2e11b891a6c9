// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether one function does what it did, whatever else of its module changed: its instructions and
// those of the functions of the module that it leads to, in a form in which two files can be
// compared. What the compiler numbers (labels, atoms, imports, literals) is written out.

#include <string>

#include "beam/beam_file.hpp"

namespace relup::beam {

// Empty where there is no such function. A damaged file is an Error (bad_input).
std::string reached_code(const BeamFile& file, std::string_view function, unsigned arity);

}  // namespace relup::beam
