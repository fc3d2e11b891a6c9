// SPDX-License-Identifier: Apache-2.0
#include "actor.hpp"

#include <array>
#include <ctime>

#include <unistd.h>

#include "base/clock.hpp"
#include "release_user.hpp"
#include "version.hpp"

namespace relup::cmd {
namespace {

// "2026-05-09T12:00:00Z"
std::string time_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(real_clock().wall());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

host::Actor this_actor() {
  return {caller_name(), ::getpid(), version};
}

std::string holder_of(const std::string& command) {
  return "pid " + std::to_string(::getpid()) + " (relup " + command + "), user " + caller_name() +
         ", since " + time_text();
}

}  // namespace relup::cmd
