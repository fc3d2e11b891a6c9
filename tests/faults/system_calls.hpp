// SPDX-License-Identifier: Apache-2.0
#pragma once

// What strace(1) has written of a process, as far as it changes files below a root: which call, and
// how strace finds it again in another run. A trace that cannot be read throws std::runtime_error.

#include <filesystem>
#include <string>
#include <vector>

namespace relup::live_tests {

struct SystemCall {
  std::string name;  // "fsync"
  int ordinal = 0;   // among the calls of that name by its thread, from 1: what strace calls `when`
  // The path that it is of, or begins in, and the number among the calls of that name with that
  // path: a program opens other files, too, one time more than another.
  std::string path;
  int ordinal_at_path = 0;
  // With its paths, and the how manieth such call it is: the same in every run.
  std::string what;       // "fsync .relup/journal #3"
  bool is_first = false;  // whether the thread is the first one of the trace
  bool is_hit = false;    // strace has injected a fault here, or the process died in it
};

// The names of all calls that may change a file, as `strace -e trace=` wants them. A program that
// syncs what it has written does not look at `close`; OTP, which does not sync, has to.
enum class Closing { counts, does_not };
std::string changing_calls(Closing closing);
// The arguments of strace that write the calls of these names, with their paths, to `trace`.
std::vector<std::string> trace_to(const std::filesystem::path& trace, const std::string& names);

// The calls in `trace` that change something below `root`, or would have; those that the system
// refused by itself are left out. What nobody boots from (log/, tally.port) does not count.
std::vector<SystemCall> changes_in(const std::filesystem::path& trace,
                                   const std::filesystem::path& root);

}  // namespace relup::live_tests
