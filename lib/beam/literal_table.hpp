// SPDX-License-Identifier: Apache-2.0
#pragma once

// The LitT chunk: the terms that instructions name by number.

#include <optional>

#include "beam/beam_file.hpp"

namespace relup::beam {

// The literal with that number, from 0. One that is not there, or a damaged table, is an Error
// (bad_input).
Term literal(const BeamFile& file, std::size_t number);

}  // namespace relup::beam
