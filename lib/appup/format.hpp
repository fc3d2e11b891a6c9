// SPDX-License-Identifier: Apache-2.0
#pragma once

// Gives an appup the one layout (text_layout.hpp) and changes nothing else: the term is the same,
// every leaf is written as it was, all comments are there in their order. What relup has generated
// and nobody has edited stays as it is, and so does what stands after the full stop. Placeholders
// of a template stay as they are. A result that does not read as the same is an Error (bug).

#include <string>
#include <variant>

#include "base/diagnostic.hpp"

namespace relup::appup {

// The bytes as they should be, in the encoding that they were in; a finding when they hold no term,
// or one that is written in Elixir.
// `name` names the file in it.
std::variant<std::string, Diagnostic> format_appup(const std::string& name,
                                                   const std::string& bytes);

}  // namespace relup::appup
