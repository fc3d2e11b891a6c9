// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the exit status of relup means. Scripts depend on it: a number keeps its meaning for ever.

#include <string_view>

#include "base/error.hpp"
#include "base/interruption.hpp"

namespace relup::cmd {

enum class ExitStatus {
  done = 0,           // done; nothing found
  no = 1,             // findings, differences, not up to date, would not upgrade
  usage = 2,          // the call or the configuration is wrong
  bad_input = 3,      // does not parse, does not compile, fails its checksum, a hostile archive
  rolled_back = 4,    // the upgrade failed and the old release is verified to be running
  uncertain = 5,      // the upgrade failed and the state is not certain
  needs_restart = 6,  // cannot be done hot
  uncommitted = 7,    // the new release is installed and runs, but is not committed
  bug = 70,           // a bug in relup
  unavailable = 75,   // busy or unreachable: trying again is sane
  hung_up = 129,      // interrupted, nothing was changed: 128 and the signal, SIGHUP
  interrupted = 130,  // SIGINT
  no_reader = 141,    // SIGPIPE: nobody reads the output
  terminated = 143,   // SIGTERM
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
    case ErrorCode::uncommitted:
      return ExitStatus::uncommitted;
    case ErrorCode::interrupted:
      return ExitStatus::interrupted;
    case ErrorCode::unavailable:
      return ExitStatus::unavailable;
    case ErrorCode::bug:
      break;
  }
  return ExitStatus::bug;
}

inline ExitStatus exit_status(const Error& error) {
  const auto* interrupted = dynamic_cast<const Interrupted*>(&error);
  if (interrupted == nullptr) return exit_status(error.code());
  return static_cast<ExitStatus>(128 + interrupted->signal());
}

// In words, for those who do not know the number.
constexpr std::string_view meaning_of(ExitStatus status) {
  switch (status) {
    case ExitStatus::done:
      return "done";
    case ExitStatus::no:
      return "the answer is no";
    case ExitStatus::usage:
      return "the call or the configuration is wrong";
    case ExitStatus::bad_input:
      return "bad input";
    case ExitStatus::rolled_back:
      return "failed, and the old release is verified to be running";
    case ExitStatus::uncertain:
      return "failed, and the state is not certain";
    case ExitStatus::needs_restart:
      return "cannot be done hot";
    case ExitStatus::uncommitted:
      return "the new release is installed and runs, but is not committed";
    case ExitStatus::unavailable:
      return "busy or unreachable: trying again is sane";
    case ExitStatus::hung_up:
    case ExitStatus::interrupted:
    case ExitStatus::no_reader:
    case ExitStatus::terminated:
      return "interrupted";
    case ExitStatus::bug:
      break;
  }
  return "a bug in relup";
}

}  // namespace relup::cmd
