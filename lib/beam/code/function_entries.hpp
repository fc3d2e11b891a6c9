// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the functions of a module begin: a call names the label after the `func_info` of the
// function. A damaged file is an Error (bad_input).

#include <map>

#include "beam/file/beam_file.hpp"

namespace relup::beam {

using FunctionEntries = std::map<std::int64_t, Function>;  // by label

FunctionEntries function_entries(const BeamFile& file);

}  // namespace relup::beam
