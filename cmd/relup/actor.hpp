// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who runs this process, as the journal and the lock of a release root have it.

#include <string>

#include "host/journal.hpp"

namespace relup::cmd {

host::Actor this_actor();

// "pid 123 (relup upgrade 1.1.0), user shop, since 2026-05-09T12:00:00Z"
std::string holder_of(const std::string& command);

}  // namespace relup::cmd
