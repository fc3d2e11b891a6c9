// SPDX-License-Identifier: Apache-2.0
#pragma once

// A command that the user gave, run by sh(1) in a process group of its own, so that a signal from
// the terminal does not reach it. What it prints is dropped. It ends at the latest when its time is
// over, with all that it has started. A shell that cannot be started is an Error (system_error).

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/interruption.hpp"

namespace relup {

enum class ShellEnd { exited, killed, timed_out, interrupted };

struct ShellResult {
  ShellEnd end = ShellEnd::exited;
  int number = 0;  // the exit status, or the signal that killed it
};

// `environment` are NAME=VALUE, each in the place of ours. Waits at most `patience`.
ShellResult run_shell(const std::string& command, const std::vector<std::string>& environment,
                      Milliseconds patience, Interruption& interruption);

}  // namespace relup
