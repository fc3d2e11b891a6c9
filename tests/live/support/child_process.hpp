// SPDX-License-Identifier: Apache-2.0
#pragma once

// One program run as a child, in a process group of its own, with its output in a file. It never
// outlives us: the destructor kills the group, and the kernel kills the child when the thread that
// started it ends, however it ends. So start children on a thread that lives as long as they
// should. A program that cannot be started throws std::system_error.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace relup::live_tests {

struct Command {
  std::vector<std::string> arguments;    // the first is the program, looked up in PATH
  std::vector<std::string> environment;  // NAME=VALUE, each in place of ours; NAME alone removes it
  std::filesystem::path directory;       // to run in; empty for ours
  std::filesystem::path output;          // appended to
  std::filesystem::path errors = {};     // the same for standard error; empty: it goes to output
};

class ChildProcess {
 public:
  explicit ChildProcess(const Command& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  bool running() { return !wait(std::chrono::milliseconds(0)); }

  // Waits for the child to end: its exit code, or 128 + the signal that ended it; nothing when it
  // still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit);

  // Asks with SIGTERM, and after `grace` kills the group. Returns like wait().
  int stop(std::chrono::milliseconds grace);

  // Kills the group at once, as the loss of power would.
  int kill();

 private:
  int reap();

  pid_t pid_ = -1;
  std::optional<int> ended_;
};

// Sends `signal` to a child. SIGSTOP reaches the threads of a process one by one, so for that one
// it returns when all of them have stopped.
void send_signal(pid_t child, int signal);

// Runs `script` with sh(1) in `directory`; the first command that fails ends it and throws
// std::runtime_error with what it printed.
void shell(const std::string& script, const std::filesystem::path& directory);

// The last lines of `file`, to be told in an error.
std::string tail(const std::filesystem::path& file, std::size_t size = 4096);

}  // namespace relup::live_tests
