// SPDX-License-Identifier: Apache-2.0
#include "term/bit_syntax.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "term/big_integer.hpp"
#include "term/external.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr std::size_t most_bits = 1U << 23U;  // of one literal; keeps hostile input cheap

using Bits = std::vector<bool>;  // most significant first

void append_bytes(Bits& bits, std::string_view bytes) {
  for (const char byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      bits.push_back(((static_cast<unsigned char>(byte) >> bit) & 1) != 0);
    }
  }
}

// The `size` lowest bits of an integer in two's complement.
Bits integer_bits(const Term& value, std::size_t size) {
  Bits bits(size, false);
  const std::int64_t* small = value.as_small_integer();
  const bool negative = small != nullptr ? *small < 0 : value.as_big_integer()->is_negative();
  const std::string magnitude =
      small != nullptr ? BigInteger(mpz_class(static_cast<long>(*small))).magnitude_bytes()
                       : value.as_big_integer()->magnitude_bytes();
  for (std::size_t i = 0; i < size && i / 8 < magnitude.size(); ++i) {
    bits[size - 1 - i] = ((static_cast<unsigned char>(magnitude[i / 8]) >> (i % 8)) & 1) != 0;
  }
  if (!negative) return bits;
  bits.flip();
  for (std::size_t i = size; i-- > 0;) {
    bits[i] = !bits[i];
    if (bits[i]) break;
  }
  return bits;
}

// Little-endian: the bytes turned around, a last partial byte keeping its place at the end.
Bits little_endian(const Bits& bits) {
  Bits turned;
  for (std::size_t end = bits.size(); end > 0;) {
    const std::size_t begin = end >= 8 ? end - 8 : 0;
    turned.insert(turned.end(), bits.begin() + static_cast<std::ptrdiff_t>(begin),
                  bits.begin() + static_cast<std::ptrdiff_t>(end));
    end = begin;
  }
  return turned;
}

// The number as a float, none where it is too large for one.
std::optional<double> floating_value(const Term& value) {
  if (const double* floating = value.as_float()) return *floating;
  if (const std::int64_t* small = value.as_small_integer()) return static_cast<double>(*small);
  if (value.as_big_integer() == nullptr) return std::nullopt;
  const double number = std::strtod(value.as_big_integer()->decimal().c_str(), nullptr);
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

// The IEEE 754 pattern of 16 bits (binary16), rounded to even; what is too large is infinite.
std::uint16_t half_pattern(float number) {
  constexpr double smallest_normal = 0x1p-14;
  constexpr double first_infinite = 65520;
  const double magnitude = std::fabs(number);
  double pattern = 0;
  if (magnitude >= first_infinite) {
    pattern = 0x7C00;
  } else if (magnitude < smallest_normal) {
    pattern = std::nearbyint(magnitude * 0x1p24);
  } else {
    // The leading one of the mantissa adds one to the exponent field, and so does a carry.
    const int exponent = std::ilogb(magnitude);
    pattern = (exponent + 14) * 1024 + std::nearbyint(std::ldexp(magnitude, 10 - exponent));
  }
  const unsigned sign = std::signbit(number) ? 0x8000U : 0U;
  return static_cast<std::uint16_t>(sign | static_cast<unsigned>(pattern));
}

// As the emulator does, a float of 16 bits is one of 32 bits rounded once more.
std::uint64_t float_pattern(double number, std::size_t bits) {
  if (bits == 64) return std::bit_cast<std::uint64_t>(number);
  const auto single = static_cast<float>(number);
  return bits == 32 ? std::bit_cast<std::uint32_t>(single) : half_pattern(single);
}

}  // namespace

struct BitBuilder::Format {
  std::string type;  // integer, float, binary, utf8, utf16 or utf32
  std::string sign;
  std::string endian;
  std::size_t unit = 0;  // bits
  bool has_size = false;
  std::size_t size = 0;  // units

  bool is_little() const { return endian == "little" || endian == "native"; }
};

namespace {

// A segment may say the same thing twice, but not two things.
bool set_once(std::string& part, std::string_view value) {
  if (part.empty()) part = value;
  return part == value;
}

bool set_once(std::size_t& part, std::size_t value) {
  if (part == 0) part = value;
  return part == value;
}

bool set_unit(std::size_t& unit, std::string_view digits) {
  std::size_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, value);
  return result.ec == std::errc() && value >= 1 && value <= 256 && set_once(unit, value);
}

bool is_type(std::string_view name) {
  static constexpr auto types =
      std::to_array<std::string_view>({"integer", "float", "binary", "utf8", "utf16", "utf32"});
  return std::find(types.begin(), types.end(), name) != types.end();
}

}  // namespace

bool BitBuilder::set_specifier(std::string_view specifier, Format& format) {
  if (specifier.starts_with("unit:")) return set_unit(format.unit, specifier.substr(5));
  if (specifier == "signed" || specifier == "unsigned") return set_once(format.sign, specifier);
  if (specifier == "big" || specifier == "little" || specifier == "native") {
    return set_once(format.endian, specifier);
  }
  if (specifier == "bytes") return set_once(format.unit, 8) && set_once(format.type, "binary");
  if (specifier == "bits" || specifier == "bitstring") {
    return set_once(format.unit, 1) && set_once(format.type, "binary");
  }
  return is_type(specifier) && set_once(format.type, specifier);
}

// Where nothing is said, a segment is an integer of 8 bits. A unit needs a size to multiply, except
// that of a bit string, which has a size of its own; characters have neither.
bool BitBuilder::read_format(const BitSegment& segment, Format& format) {
  for (const std::string& specifier : segment.types) {
    if (!set_specifier(specifier, format)) return false;
  }
  if (format.type.empty()) format.type = "integer";
  format.has_size = !segment.size.is_nil();
  if (format.type.starts_with("utf")) return !format.has_size && format.unit == 0;
  if (format.unit != 0 && !format.has_size && format.type != "binary") return false;
  if (format.unit == 0) format.unit = format.type == "binary" ? 8 : 1;
  if (!format.has_size) {
    format.size = format.type == "float" ? 64 : 8;
    return true;
  }
  const std::int64_t* size = segment.size.as_small_integer();
  if (size == nullptr || *size < 0 || static_cast<std::size_t>(*size) > most_bits) return false;
  format.size = static_cast<std::size_t>(*size);
  return format.size * format.unit <= most_bits;
}

bool BitBuilder::append(const BitSegment& segment) {
  Format format;
  if (!read_format(segment, format) || bits_.size() > most_bits) return false;
  if (!segment.is_string) return append_value(segment.value, format);
  if (format.type == "binary") return false;
  const Term::Elements& characters = *segment.value.as_list();
  return std::all_of(characters.begin(), characters.end(),
                     [&](const Term& character) { return append_value(character, format); });
}

bool BitBuilder::append_value(const Term& value, const Format& format) {
  if (format.type == "integer") return append_integer(value, format);
  if (format.type == "float") return append_float(value, format);
  if (format.type == "binary") return append_bits(value, format);
  return append_character(value, format);
}

bool BitBuilder::append_integer(const Term& value, const Format& format) {
  if (!value.is_integer()) return false;
  const Bits bits = integer_bits(value, format.size * format.unit);
  push_bits(format.is_little() ? little_endian(bits) : bits);
  return true;
}

bool BitBuilder::append_float(const Term& value, const Format& format) {
  const std::size_t size = format.size * format.unit;
  const std::optional<double> number = floating_value(value);
  if (!number || (size != 16 && size != 32 && size != 64)) return false;
  const std::uint64_t pattern = float_pattern(*number, size);
  Bits bits;
  for (std::size_t bit = size; bit-- > 0;)
    bits.push_back(((pattern >> bit) & 1U) != 0);
  push_bits(format.is_little() ? little_endian(bits) : bits);
  return true;
}

bool BitBuilder::append_bits(const Term& value, const Format& format) {
  const Term::Bits* source = value.as_bits();
  if (source == nullptr) return false;
  Bits bits;
  append_bytes(bits, source->bytes);
  if (!source->bytes.empty()) bits.resize(bits.size() - (8 - source->last_bits));
  if (format.has_size) {
    if (format.size * format.unit > bits.size()) return false;
    bits.resize(format.size * format.unit);
  } else if (bits.size() % format.unit != 0) {
    return false;
  }
  push_bits(bits);
  return true;
}

bool BitBuilder::append_character(const Term& value, const Format& format) {
  const std::int64_t* number = value.as_small_integer();
  if (number == nullptr || !is_code_point(*number) || format.has_size) return false;
  const auto code_point = static_cast<char32_t>(*number);
  if (format.type == "utf8") {
    std::string bytes;
    append_utf8(bytes, code_point);
    append_bytes(bits_, bytes);
    return true;
  }
  std::vector<std::int64_t> units{code_point};
  if (format.type == "utf16" && code_point > 0xFFFF) {
    units = {0xD800 + ((code_point - 0x10000) >> 10U), 0xDC00 + ((code_point - 0x10000) & 0x3FFU)};
  }
  if (format.type != "utf16" && format.type != "utf32") return false;
  for (const std::int64_t unit : units) {
    const Bits bits = integer_bits(Term(unit), format.type == "utf16" ? 16 : 32);
    push_bits(format.is_little() ? little_endian(bits) : bits);
  }
  return true;
}

Term BitBuilder::finish() const {
  std::string bytes((bits_.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits_.size(); ++i) {
    if (bits_[i]) bytes[i / 8] = static_cast<char>(bytes[i / 8] | (1 << (7 - i % 8)));
  }
  const auto rest = static_cast<unsigned>(bits_.size() % 8);
  return Term::binary(std::move(bytes), rest == 0 ? 8 : rest);
}

Term negated(const Term& number) {
  if (const double* floating = number.as_float()) return Term(-*floating);
  if (const BigInteger* big = number.as_big_integer()) return Term(big->negated());
  return Term(-*number.as_small_integer());
}

Term external_fun(Atom module, Atom function, std::int64_t arity) {
  // EXPORT_EXT: tag 113, then module, function and arity as terms without the version byte.
  const auto part = [](const Term& term) { return encode_external(term).substr(1); };
  return Term::opaque(Term::OpaqueKind::fun,
                      "q" + part(Term(module)) + part(Term(function)) + part(Term(arity)));
}

}  // namespace relup
