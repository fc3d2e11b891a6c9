// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs one program as a user would and measures the whole of it, start and end included. The
// program must succeed: one that fails, or that is not done within the limit, is an Error.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace relup::bench {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Measurement {
  Milliseconds wall{};
  Milliseconds processor{};  // user and system
  std::uint64_t peak = 0;    // resident memory, bytes
};

// `arguments` begins with the program, which is looked up in PATH. Its standard output is dropped.
Measurement run_process(const std::vector<std::string>& arguments, std::chrono::seconds limit);

// The first line that a program prints, for questions to `erl`; empty when it cannot be run.
std::string first_line_of(const std::string& shell_command);

// Runs `work` in a child process and waits for it. The kernel counts the memory of whoever starts a
// program towards the program's peak, so whatever needs memory must not be done by the process that
// measures.
void in_child_process(const std::function<void()>& work);

}  // namespace relup::bench
