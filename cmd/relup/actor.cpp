// SPDX-License-Identifier: Apache-2.0
#include "actor.hpp"

#include <unistd.h>

#include "release_user.hpp"
#include "version.hpp"

namespace relup::cmd {

host::Actor this_actor() {
  return {caller_name(), ::getpid(), version};
}

std::string holder_of(const std::string& command) {
  return "pid " + std::to_string(::getpid()) + " (relup " + command + "), user " + caller_name();
}

}  // namespace relup::cmd
