// SPDX-License-Identifier: Apache-2.0
#pragma once

// Holds our compiler's answer for a pair against OTP's. A relup must be the same, term and bytes;
// where dependencies leave the order of a group open, OTP's order is read from its relup and handed
// to our compiler, which makes the same relup only if that order respects the same dependencies.
// Errors must be the same term, warnings too; where OTP crashes, we must report an error.

#include <optional>
#include <string>

#include "differential/otp.hpp"
#include "relup/compile.hpp"

namespace relup::differential {

// What was compared, for the count: "ok", "systools_rc: bad_module", "warning: bad_vsn", "crash".
std::vector<std::string> kinds_of(const OtpAnswer& answer);

struct Difference {
  std::string what;  // one line, the same for differences alike
  std::string otp;   // OTP's answer, and ours
  std::string relup;
};

// `directory` holds the files of the pair and is the current directory.
std::optional<Difference> compare(const Call& call, const OtpAnswer& answer, int otp_release);

}  // namespace relup::differential
