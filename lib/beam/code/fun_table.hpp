// SPDX-License-Identifier: Apache-2.0
#pragma once

// The funs that a module makes (the FunT chunk), by the number that `make_fun` names. A damaged
// table is an Error (bad_input).

#include <vector>

#include "beam/file/beam_file.hpp"

namespace relup::beam {

struct FunEntry {
  unsigned arity = 0;  // of the function, with the variables that the fun has kept
  unsigned label = 0;  // where its code begins
  unsigned kept = 0;
};

std::vector<FunEntry> read_funs(const BeamFile& file);

}  // namespace relup::beam
