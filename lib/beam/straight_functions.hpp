// SPDX-License-Identifier: Apache-2.0
#pragma once

// The functions of a compiled module that always take the same way, read back into expressions from
// their instructions: above all what an init/1 answers that only lists children. A stripped module
// tells that much of itself. A function that makes a choice is not among them, nor is one with an
// instruction that is not followed; a value that is not seen through is of kind `other`. Besides
// its answer, a body holds the calls that lead to it. A damaged file is an Error (bad_input).

#include "beam/source_code.hpp"

namespace relup::beam {

SourceCode read_straight_functions(const BeamFile& file);

}  // namespace relup::beam
