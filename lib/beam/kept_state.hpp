// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a callback that may change the state of a process hands it back as it is. Told from the
// instructions, so that stripped modules tell it too.

#include "beam/beam_file.hpp"

namespace relup::beam {

// Whether `function` is exported and surely does nothing but return `{ok, State}`, or `{ok, State,
// Data}`, of its own arguments: what `use GenServer` injects, and what is written where nothing has
// to change. `first` is the number of the first of the returned arguments, from 0, `count` how many
// there are.
bool returns_its_arguments(const BeamFile& file, std::string_view function, unsigned arity,
                           unsigned first, unsigned count);

}  // namespace relup::beam
