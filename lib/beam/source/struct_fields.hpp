// SPDX-License-Identifier: Apache-2.0
#pragma once

// The fields of the struct that an Elixir module defines, told from its code: `__struct__/0`
// returns a map that stands in the literal table. Stripped modules tell it too, and `mix release`
// strips.

#include <optional>

#include "beam/source/source_code.hpp"

namespace relup::beam {

// Sorted, without __struct__ itself; none for a module that defines no struct, or whose struct has
// a default value that is computed. What is damaged is an Error (bad_input).
std::optional<FieldNames> struct_fields(const BeamFile& file);

}  // namespace relup::beam
