// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs the real relup and keeps what it prints. Each of its two outputs is a pipe, or a terminal of
// a given width. What does not end in time is killed and is a std::runtime_error.

#include <optional>
#include <string>
#include <vector>

namespace relup::cmd {

struct Call {
  std::vector<std::string> arguments;
  std::string directory = ".";
  std::vector<std::string> environment = {};  // NAME=VALUE, besides PATH, HOME, LANG
  std::optional<int> output_columns = {};     // a terminal of that width instead of a pipe
  std::optional<int> message_columns = {};
  bool output_is_full = false;  // the output goes to /dev/full instead
  std::string input = "/dev/null";
};

struct Answer {
  int status = -1;  // the exit status; 128 + N when a signal ended it
  std::string output;
  std::string messages;  // of a terminal with plain line ends
};

Answer run_relup(const Call& call);

}  // namespace relup::cmd
