// SPDX-License-Identifier: Apache-2.0
#pragma once

// The call of a conformance case: what `case.term` says systools:make_relup/4 was given, as a
// request to our compiler.

#include <optional>
#include <string_view>

#include "relup/compile.hpp"
#include "term/term.hpp"

namespace relup {

// The value of an atom key; [] where the map has none, or is no map.
Term value_of(const Term& map, std::string_view key);

// None when `arguments` is no call, or one with values that have no form in our request.
std::optional<CompileRequest> request_of(const Term& arguments);

}  // namespace relup
