// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cases that an Erlang VM makes up and answers (random_cases.escript). Needs `escript`; where it
// cannot be run, the answer is empty and the test has failed.

#include <string>
#include <vector>

namespace relup {

struct OtpCase {
  std::string text;    // what to read
  std::string answer;  // what OTP makes of it
};

// `kind` is "print" or "read".
std::vector<OtpCase> otp_cases(const std::string& kind, int seed, int count);

}  // namespace relup
