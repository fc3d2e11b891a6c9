// SPDX-License-Identifier: Apache-2.0
#pragma once

// Modules compiled by the Erlang compiler while a test runs. Needs `escript` on the PATH; without
// it, or when a module does not compile, std::runtime_error.

#include <map>
#include <string>

namespace relup::support {

// Source texts by "LABEL/MODULE"; a label tells several versions of a module apart. All are
// compiled in one go, since it is the start of Erlang that takes the time.
using ModuleSources = std::map<std::string, std::string>;

// The bytes of the .beam files, by the same keys. Debug information is there where the source asks
// for it with `-compile(debug_info)`.
std::map<std::string, std::string> compile_modules(const ModuleSources& sources);

// Elixir files, compiled one after the other in one go as well, each without the modules of the
// others: the .beam files of all their modules, by "LABEL/MODULE", e.g. "old/Elixir.Shop.Cart",
// where `sources` has "old".
std::map<std::string, std::string> compile_elixir(
    const std::map<std::string, std::string>& sources);

}  // namespace relup::support
