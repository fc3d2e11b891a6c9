// SPDX-License-Identifier: Apache-2.0
#pragma once

// How long processes may take to suspend, where the script of a release leaves it at OTP's default.

#include <optional>

#include "base/clock.hpp"
#include "term/term.hpp"

namespace relup::live {

// `script`, a list of low-level instructions, with `patience` in its `suspend` instructions for
// each module that has no time of its own; the script as it is without one.
Term with_suspend_timeout(const Term& script, std::optional<Milliseconds> patience);

}  // namespace relup::live
