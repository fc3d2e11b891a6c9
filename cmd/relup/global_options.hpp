// SPDX-License-Identifier: Apache-2.0
#pragma once

// The options that every verb takes, and what happens when a call does not parse.

#include "verbs.hpp"

namespace relup::cmd {

void add_global_options(CLI::App& app, GlobalOptions& options);

// An Error (usage) for a format that the called verb does not have.
void check_format(const CLI::App& app, const GlobalOptions& options);

// Help and version are asked for through "errors" too; they go to the results and are no failure.
ExitStatus show_parse_error(Program& program, const CLI::ParseError& error, int argument_count,
                            char** arguments);

}  // namespace relup::cmd
