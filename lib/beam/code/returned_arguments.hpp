// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a function returns some of its arguments unchanged, as a code_change does that has
// nothing to convert. Told from the instructions, so that stripped modules tell it too.

#include "beam/file/beam_file.hpp"

namespace relup::beam {

// Whether `function` is exported and surely does nothing but return `{ok, State}`, or `{ok, State,
// Data}`, of its own arguments: what `use GenServer` injects, and what is written where nothing has
// to change. `first` is the number of the first of the returned arguments, from 0, `count` how many
// there are.
bool returns_its_arguments(const BeamFile& file, std::string_view function, unsigned arity,
                           unsigned first, unsigned count);

}  // namespace relup::beam
