// SPDX-License-Identifier: Apache-2.0
#pragma once

// An integer of any size, for the few that do not fit 64 bits. It is read, printed, compared and
// carried over a wire; nothing calculates with it.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include <gmpxx.h>

namespace relup {

class BigInteger {
 public:
  explicit BigInteger(mpz_class value) : value_(std::move(value)) {}

  // `digits` in `base` (2 to 36), without sign; the caller has checked the digits.
  static BigInteger from_digits(std::string_view digits, int base);
  // Little-endian magnitude, as the external term format has it.
  static BigInteger from_bytes(std::string_view little_endian, bool negative);

  std::optional<std::int64_t> small() const;  // its value, when it fits
  BigInteger negated() const { return BigInteger(-value_); }
  bool is_negative() const { return value_ < 0; }
  std::string decimal() const { return value_.get_str(); }
  std::string magnitude_bytes() const;  // little-endian

  bool operator==(const BigInteger& other) const { return value_ == other.value_; }
  std::strong_ordering operator<=>(const BigInteger& other) const {
    return cmp(value_, other.value_) <=> 0;
  }

 private:
  mpz_class value_;
};

}  // namespace relup
