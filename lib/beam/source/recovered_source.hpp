// SPDX-License-Identifier: Apache-2.0
#pragma once

// Source code recovered from instructions, for modules without debug information. Only functions
// without branches can be read back into expressions; that is enough for an init/1 that just lists
// the children of a supervisor. Functions that choose, and those with an instruction that we do not
// follow, are left out; a value that cannot be told is of kind `other`. A body holds the calls that
// it makes and what it returns. Of a module whose
// functions would describe too much, the first ones are there. A damaged file is an Error
// (bad_input).

#include "beam/source/source_code.hpp"

namespace relup::beam {

SourceCode recover_source(const BeamFile& file);

}  // namespace relup::beam
