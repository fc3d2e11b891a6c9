// SPDX-License-Identifier: Apache-2.0
#pragma once

// A command that the user gave, run by sh(1) in a process group of its own, so that a signal from
// the terminal does not reach it. It has the descriptors 0 to 2 and no others, and of our
// environment only what says where programs, files and languages are: no secret that we were
// started with. It ends at the latest when its time is over, with all that it has started. A shell
// that cannot be started is an Error (system_error).

#include <functional>
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

// Reads nothing, and what it prints is dropped. `environment` are NAME=VALUE, each in the place of
// ours. Waits at most `patience`.
ShellResult run_shell(const std::string& command, const std::vector<std::string>& environment,
                      Milliseconds patience, Interruption& interruption);

// A command with something to read.
struct ShellCall {
  std::string command;
  std::vector<std::string> environment;  // as above
  std::string input;
  Milliseconds patience{};
};

// Tells each line that it prints, on either output, as soon as it comes; of very long and very many
// lines only the beginning.
using TellLine = std::function<void(const std::string& line)>;
ShellResult run_shell_aloud(const ShellCall& call, const TellLine& tell,
                            Interruption& interruption);

}  // namespace relup
