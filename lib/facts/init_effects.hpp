// SPDX-License-Identifier: Apache-2.0
#pragma once

// What init/1 of a supervisor does besides describing children. `{update, M, supervisor}` calls it
// again in the live supervisor (supervisor:code_change/3), and then a table that exists is made
// once more, a name that is taken registered, a port that is bound listened on.

#include <string>
#include <vector>

#include "facts/reached_calls.hpp"

namespace relup::facts {

// "ets:new/2", "erlang:register/2"; sorted. Functions of the same module are looked into.
std::vector<std::string> side_effects_of_init(const beam::SourceCode& code);
// The same of any function.
std::vector<std::string> side_effects_of(const beam::SourceCode& code, std::string_view function,
                                         unsigned arity);

// The functions of other modules that init/1 calls, each once, in the order of the code.
std::vector<ReachedCall> calls_of_init(const beam::SourceCode& code);

}  // namespace relup::facts
