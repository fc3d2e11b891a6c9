// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the exit status of relup means. Scripts depend on it: a number keeps its meaning for ever.

#include "base/error.hpp"

namespace relup::cmd {

enum class ExitStatus {
  done = 0,           // done; nothing found
  no = 1,             // findings, differences, not up to date, would not upgrade
  usage = 2,          // the call or the configuration is wrong
  bad_input = 3,      // does not parse, does not compile, fails its checksum, a hostile archive
  rolled_back = 4,    // the upgrade failed and the old release is verified to be running
  uncertain = 5,      // the upgrade failed and the state is not certain
  needs_restart = 6,  // cannot be done hot
  bug = 70,           // a bug in relup
  unavailable = 75,   // busy or unreachable: trying again is sane
};

constexpr ExitStatus exit_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::answer_is_no:
      return ExitStatus::no;
    case ErrorCode::usage:
      return ExitStatus::usage;
    case ErrorCode::bad_input:
      return ExitStatus::bad_input;
    case ErrorCode::rolled_back:
      return ExitStatus::rolled_back;
    case ErrorCode::uncertain:
      return ExitStatus::uncertain;
    case ErrorCode::needs_restart:
      return ExitStatus::needs_restart;
    case ErrorCode::unavailable:
      return ExitStatus::unavailable;
    case ErrorCode::bug:
      break;
  }
  return ExitStatus::bug;
}

}  // namespace relup::cmd
