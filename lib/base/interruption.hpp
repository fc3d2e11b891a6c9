// SPDX-License-Identifier: Apache-2.0
#pragma once

// Somebody wants the work to end before it is done: by a signal, or by no longer reading what we
// print. It is a question that the work asks where it can stop, so that nothing is ever cut in the
// middle; a test answers it as it likes.

#include <optional>
#include <string>

#include "base/error.hpp"

namespace relup {

class Interruption {
 public:
  Interruption() = default;
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  virtual ~Interruption() = default;
  // The number of the first signal that has come, SIGPIPE when an output has lost its reader; none
  // so far. It stays the same from then on, whatever comes after it.
  virtual std::optional<int> signal() = 0;
};

// Never.
Interruption& no_interruption();

// That of this process. From the first call on SIGINT, SIGTERM, SIGHUP and SIGPIPE do not end it
// any more. A signal that it was started to ignore (nohup) stays ignored.
Interruption& interruption_of_process();

// The end of a work that was interrupted.
class Interrupted final : public Error {
 public:
  // "WHAT HAPPENED; `message`"
  Interrupted(int signal, const std::string& message);
  int signal() const { return signal_; }

 private:
  int signal_;
};

// "interrupted (SIGINT)"
std::string interruption_text(int signal);

}  // namespace relup
