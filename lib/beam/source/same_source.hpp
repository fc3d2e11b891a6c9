// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether two compiled modules come from the same source, though two compilers made other bytes of
// it: a dependency that was built again with a newer OTP, say.

#include "beam/file/beam_file.hpp"

namespace relup::beam {

// True where the compilers differ, both files have debug information, and what it says is the same
// but for places in the text, specifications and the paths of files. False where that cannot be
// told.
bool is_same_source(const BeamFile& before, const BeamFile& after);

}  // namespace relup::beam
