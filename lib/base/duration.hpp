// SPDX-License-Identifier: Apache-2.0
#pragma once

// Times as people write and read them.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace relup {

// "500ms", "10s", "5m", "2h", "0". None when it is nothing of that kind, or longer than a year.
std::optional<Milliseconds> parse_duration(std::string_view text);

// "350 ms", "4.2 s", "9 min 40 s", "2 h 5 min"
std::string duration_text(Milliseconds duration);

}  // namespace relup
