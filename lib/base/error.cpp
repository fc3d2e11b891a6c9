// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cerrno>
#include <cstring>

namespace relup {

Error system_error(const std::string& action, const std::string& path, int error_number) {
  Error error(ErrorCode::bad_input,
              "cannot " + action + " " + path + ": " + std::strerror(error_number));
  error.with_error_number(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT) {
    error.with_hint("free some space on the file system that holds " + path + ", then try again");
  } else if (error_number == EACCES || error_number == EPERM) {
    error.with_hint("run relup as the user that owns the release");
  }
  return error;
}

std::string posix_name(int error_number) {
  const char* name = ::strerrorname_np(error_number);
  std::string lower = name == nullptr || error_number == 0 ? "unknown" : name;
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

}  // namespace relup
