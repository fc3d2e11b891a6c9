// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is said of a call that does not parse: what is wrong in it, and the verb or option that was
// probably meant.

#include <string>
#include <vector>

#include "command_line.hpp"

namespace relup::cmd {

struct ParseFailure {
  std::string message;               // the parser's own
  std::vector<std::string> unknown;  // words that nothing takes, when that is what is wrong
};

Error wrong_call(const CommandLine& line, const std::vector<std::string>& words,
                 const ParseFailure& failure);

}  // namespace relup::cmd
