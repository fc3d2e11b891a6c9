// SPDX-License-Identifier: Apache-2.0
#pragma once

// The help texts: no line over 80 columns, and in the usage line everything that a call must have.

#include <string>

#include "command_line.hpp"

namespace relup::cmd {

// Of the program: the options that every verb takes, and the list of verbs.
std::string help_text(const CommandLine& line);
// Of one verb.
std::string help_text(const CommandLine& line, const Verb& verb);

}  // namespace relup::cmd
