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

// The bytes of the .beam files, by the same keys.
std::map<std::string, std::string> compile_modules(const ModuleSources& sources);

}  // namespace relup::support
