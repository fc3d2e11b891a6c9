// SPDX-License-Identifier: Apache-2.0
#include "base/duration.hpp"

#include <charconv>

namespace relup {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t longest = hour * 24 * 365;

// 0 for what is no unit.
std::int64_t unit_of(std::string_view text) {
  if (text == "ms") return 1;
  if (text == "s") return second;
  if (text == "m" || text == "min") return minute;
  if (text == "h") return hour;
  return 0;
}

// "9 min 40 s", without the second part where it is 0.
std::string two_parts(std::int64_t large, const char* large_unit, std::int64_t small,
                      const char* small_unit) {
  std::string text = std::to_string(large) + " " + large_unit;
  if (small > 0) text += " " + std::to_string(small) + " " + small_unit;
  return text;
}

}  // namespace

std::optional<Milliseconds> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure != std::errc() || count < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty() && count == 0) return Milliseconds{0};
  const std::int64_t length = unit_of(unit);
  if (length == 0 || count > longest / length) return std::nullopt;
  return Milliseconds{count * length};
}

std::string duration_text(Milliseconds duration) {
  const std::int64_t count = duration.count();
  if (count < second) return std::to_string(count) + " ms";
  if (count < minute) {
    const std::int64_t tenths = count / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
  }
  if (count < hour) return two_parts(count / minute, "min", count % minute / second, "s");
  return two_parts(count / hour, "h", count % hour / minute, "min");
}

}  // namespace relup
