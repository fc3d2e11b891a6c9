// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <thread>

namespace relup {
namespace {

class RealClock final : public Clock {
 public:
  std::chrono::system_clock::time_point wall() override { return std::chrono::system_clock::now(); }
  std::chrono::steady_clock::time_point steady() override {
    return std::chrono::steady_clock::now();
  }
  void sleep(Milliseconds duration) override { std::this_thread::sleep_for(duration); }
};

}  // namespace

Clock& real_clock() {
  static RealClock clock;
  return clock;
}

}  // namespace relup
