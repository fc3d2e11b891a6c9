// SPDX-License-Identifier: Apache-2.0
//
// Versions are opaque to OTP; people read them as numbers. Runs of digits compare as numbers, other
// runs as text, and of a version and the same one with more after it the longer is above, unless
// what comes next is a hyphen: then it is a pre-release, below the version it leads to (semver.org,
// 11).

#include <algorithm>

#include "diff/release_diff.hpp"

namespace relup::diff {
namespace {

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

std::string_view take_run(std::string_view& text) {
  const bool digits = is_digit(text.front());
  std::size_t length = 1;
  while (length < text.size() && is_digit(text[length]) == digits)
    ++length;
  const std::string_view run = text.substr(0, length);
  text.remove_prefix(length);
  return run;
}

std::strong_ordering compare_numbers(std::string_view left, std::string_view right) {
  left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
  right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

}  // namespace

std::strong_ordering compare_versions(std::string_view left, std::string_view right) {
  while (!left.empty() && !right.empty()) {
    if (left.starts_with('-') != right.starts_with('-')) {
      return left.starts_with('-') ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const std::string_view left_run = take_run(left);
    const std::string_view right_run = take_run(right);
    const bool numbers = is_digit(left_run.front()) && is_digit(right_run.front());
    const std::strong_ordering order =
        numbers ? compare_numbers(left_run, right_run) : left_run <=> right_run;
    if (order != 0) return order;
  }
  if (left.empty() && right.empty()) return std::strong_ordering::equal;
  const bool pre_release = left.empty() ? right.starts_with('-') : left.starts_with('-');
  return left.empty() == pre_release ? std::strong_ordering::greater : std::strong_ordering::less;
}

}  // namespace relup::diff
