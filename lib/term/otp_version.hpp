// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which OTP's reading is asked for, where they differ: 25 to 28.

#include "term/lexer.hpp"

namespace relup {

struct OtpVersion {
  int major = 28;
  Dialect dialect() const { return major >= 27 ? Dialect::otp27 : Dialect::otp25; }
};

}  // namespace relup
