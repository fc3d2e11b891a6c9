// SPDX-License-Identifier: Apache-2.0
#pragma once

// A failure that stops an operation. It is thrown where it is known and caught in `main`, or where
// something must be undone. An Error says what happened (message), what to do next (hint), and what
// it followed from (cause). Findings about the user's files are not Errors but Diagnostics.

#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace relup {

// What kind of failure it is. One table in cmd/relup turns a code into an exit status.
enum class ErrorCode {
  answer_is_no,   // the question was answered, and the answer is no
  usage,          // the call or the configuration is wrong
  bad_input,      // a file does not parse, does not fit, fails its checksum
  rolled_back,    // the upgrade failed and the old release is verified to be running
  uncertain,      // the upgrade failed and the state is not certain
  needs_restart,  // cannot be done hot
  uncommitted,    // the new release is installed and runs, but is not committed
  interrupted,    // somebody wanted it to end (base/interruption.hpp)
  unavailable,    // busy or unreachable: trying again is sane
  bug,            // relup broke a promise to itself
};

class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  Error& with_hint(std::string hint) {
    hint_ = std::move(hint);
    return *this;
  }
  Error& because_of(const Error& cause) {
    cause_ = std::make_shared<const Error>(cause);
    return *this;
  }
  Error& with_error_number(int error_number) {
    error_number_ = error_number;
    return *this;
  }

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const Error* cause() const { return cause_.get(); }
  // The errno of the system call that failed; 0 where none did.
  int error_number() const { return error_number_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
  std::shared_ptr<const Error> cause_;
  int error_number_ = 0;
};

// An Error for a failed system call: `action` and `path` name what was tried ("open", "/x"),
// `error_number` is the value of errno. Bad paths are bad_input, a full disk says so in its hint.
Error system_error(const std::string& action, const std::string& path, int error_number);

// What POSIX calls an errno, in lower case as Erlang has it: "enoent"; "unknown" where it has no
// name.
std::string posix_name(int error_number);

}  // namespace relup
