// SPDX-License-Identifier: Apache-2.0
#include "site_test.hpp"

#include <thread>

#include "base/error.hpp"

namespace relup::live_tests {

void SiteTest::wait_for_boot() {
  using namespace std::chrono_literals;
  std::this_thread::sleep_for(500ms);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      const Term state = site_.call("init", "get_status", {});
      if (state.as_tuple()->at(0).is_atom("started")) return site_.wait_until_serving();
    } catch (const Error&) {
      // Still down, or on its way up.
    }
    std::this_thread::sleep_for(50ms);
  }
  FAIL() << "the node does not come up again";
}

}  // namespace relup::live_tests
