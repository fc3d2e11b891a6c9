// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes as hexadecimal digits.

#include <string>
#include <string_view>

namespace relup {

// Two lower-case digits for each byte.
std::string hex(std::string_view bytes);

}  // namespace relup
