// SPDX-License-Identifier: Apache-2.0
#pragma once

// Time, behind an interface so that a test need not wait. `wall` is for people and records,
// `steady` for deadlines; `sleep` may return early only when interrupted by a signal.

#include <chrono>

namespace relup {

using Milliseconds = std::chrono::milliseconds;

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  virtual std::chrono::system_clock::time_point wall() = 0;
  virtual std::chrono::steady_clock::time_point steady() = 0;
  virtual void sleep(Milliseconds duration) = 0;
};

Clock& real_clock();

}  // namespace relup
