// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "beam/source/source_code.hpp"

namespace relup::facts {

// A call as source code has it. One without a module may be of the module itself, or of erlang,
// whose functions need none: then `module` is "erlang".
struct ReachedCall {
  std::string module;
  std::string function;
  unsigned arity = 0;

  std::string describe() const;  // "ets:new/2"
};

// Visits the calls in a function and in the functions of its module that it leads to, each function
// once, in the order in which they are written.
void for_each_reached_call(const beam::SourceCode& code, std::string_view function, unsigned arity,
                           const std::function<void(const ReachedCall&)>& visit);

}  // namespace relup::facts
