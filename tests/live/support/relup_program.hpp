// SPDX-License-Identifier: Apache-2.0
#pragma once

// The program under test, run as an operator runs it: a process with arguments, an environment and
// a working directory, of which one sees the exit code and what it printed. A program that cannot
// be started throws std::system_error; one that does not end in time is killed and throws
// std::runtime_error.

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "child_process.hpp"

namespace relup::live_tests {

struct RelupResult {
  std::string command;  // "relup upgrade 1.1.0"
  int exit_code = -1;
  std::string output;  // results
  std::string errors;  // all else
  std::chrono::milliseconds took{0};
};

// All of it, for the message of a test that fails.
std::ostream& operator<<(std::ostream& out, const RelupResult& result);

// Throws std::runtime_error with all of it when the exit code is not 0.
void must_succeed(const RelupResult& result);

// A run that goes on while its starter does something else. It ends with the object.
class RelupRun {
 public:
  RelupRun(std::string command, const Command& process);

  pid_t pid() const { return process_.pid(); }
  bool running() { return process_.running(); }
  std::string errors_so_far() const;
  RelupResult finish(std::chrono::milliseconds limit = std::chrono::minutes(2));

 private:
  std::string command_;
  std::filesystem::path output_;
  std::filesystem::path errors_;
  std::chrono::steady_clock::time_point begin_;
  ChildProcess process_;
};

class RelupProgram {
 public:
  // What it prints is kept in `scratch`, which must exist. `environment` is as in Command.
  RelupProgram(std::filesystem::path program, std::filesystem::path scratch,
               std::vector<std::string> environment);

  // In `directory`. The words of `wrapper`, if any, stand in front of the program.
  std::unique_ptr<RelupRun> start(const std::vector<std::string>& arguments,
                                  const std::filesystem::path& directory,
                                  const std::vector<std::string>& wrapper = {});
  RelupResult run(const std::vector<std::string>& arguments,
                  const std::filesystem::path& directory) {
    return start(arguments, directory)->finish();
  }

 private:
  std::filesystem::path program_;
  std::filesystem::path scratch_;
  std::vector<std::string> environment_;
  int runs_ = 0;
};

}  // namespace relup::live_tests
