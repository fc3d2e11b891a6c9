// SPDX-License-Identifier: Apache-2.0
#pragma once

// Terms as text that reads back as the same term. `print` writes one line, as `~tw` does but with
// strings as strings; `pretty_print` is `~tp` to the byte for atoms, strings, integers, tuples,
// lists and maps (io_lib_pretty with line width 80, a VM started without `+pc unicode`).

#include <string>
#include <string_view>

#include "term/term.hpp"

namespace relup {

std::string print(const Term& term);

// `column` (from 1) is where the first character will stand.
std::string pretty_print(const Term& term, int column = 1);

// A file of one term as OTP's tools write it: coding comment, the pretty-printed term, full stop.
std::string term_file(const Term& term);

// An atom with quotes where it needs them.
std::string print_atom(const std::string& name);

// "lists:reverse/1"
std::string print_function(std::string_view module, std::string_view function, std::size_t arity);

}  // namespace relup
