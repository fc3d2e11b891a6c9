// SPDX-License-Identifier: Apache-2.0
#include "term/big_integer.hpp"

namespace relup {

BigInteger BigInteger::from_digits(std::string_view digits, int base) {
  return BigInteger(mpz_class(std::string(digits), base));
}

BigInteger BigInteger::from_bytes(std::string_view little_endian, bool negative) {
  mpz_class value;
  mpz_import(value.get_mpz_t(), little_endian.size(), -1, 1, 0, 0, little_endian.data());
  return BigInteger(negative ? mpz_class(-value) : value);
}

std::optional<std::int64_t> BigInteger::small() const {
  static_assert(sizeof(long) == sizeof(std::int64_t), "GMP's long must hold 64 bits");
  if (!value_.fits_slong_p()) return std::nullopt;
  return value_.get_si();
}

std::string BigInteger::magnitude_bytes() const {
  std::string bytes((mpz_sizeinbase(value_.get_mpz_t(), 2) + 7) / 8, '\0');
  std::size_t written = 0;
  mpz_export(bytes.data(), &written, -1, 1, 0, 0, value_.get_mpz_t());
  bytes.resize(written);
  return bytes;
}

}  // namespace relup
