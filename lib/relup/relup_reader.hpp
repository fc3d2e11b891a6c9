// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the bytes of a relup file (relup(4)) to its value, every step with its place in the file.

#include <optional>
#include <string>

#include "relup/script.hpp"
#include "term/otp_version.hpp"
#include "term/problem.hpp"

namespace relup {

struct ReadRelup {
  std::optional<Relup> relup;  // none when there are problems
  Problems problems;           // their reasons are not filled in
};

// `path` names the file in messages.
ReadRelup read_relup(const std::string& path, std::string bytes, OtpVersion otp);

}  // namespace relup
