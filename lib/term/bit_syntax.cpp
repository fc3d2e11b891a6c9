// SPDX-License-Identifier: Apache-2.0
#include "term/bit_syntax.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

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

}  // namespace

struct BitBuilder::Format {
  std::string type = "integer";
  bool little = false;
  bool has_size = false;
  std::size_t size = 0;  // units
  std::size_t unit = 1;  // bits
};

bool BitBuilder::read_format(const BitSegment& segment, Format& format) {
  bool has_unit = false;
  for (const std::string& type : segment.types) {
    if (type.starts_with("unit:")) {
      std::from_chars(type.data() + 5, type.data() + type.size(), format.unit);
      has_unit = true;
      if (format.unit < 1 || format.unit > 256) return false;
    } else if (type == "little" || type == "native") {
      format.little = true;
    } else if (type != "big" && type != "signed" && type != "unsigned") {
      format.type = type == "bytes" ? "binary" : type == "bits" ? "bitstring" : type;
    }
  }
  const bool is_float = format.type == "float";
  if (!has_unit) format.unit = format.type == "binary" ? 8 : 1;
  format.size = is_float ? 64 : 8;
  if (segment.size.is_nil()) return true;
  const std::int64_t* size = segment.size.as_small_integer();
  if (size == nullptr || *size < 0 || static_cast<std::size_t>(*size) > most_bits) return false;
  format.has_size = true;
  format.size = static_cast<std::size_t>(*size);
  return format.size * format.unit <= most_bits;
}

bool BitBuilder::append(const BitSegment& segment) {
  Format format;
  if (!read_format(segment, format) || bits_.size() > most_bits) return false;
  if (!segment.is_string) return append_value(segment.value, format);
  const Term::Elements& characters = *segment.value.as_list();
  return std::all_of(characters.begin(), characters.end(),
                     [&](const Term& character) { return append_value(character, format); });
}

bool BitBuilder::append_value(const Term& value, const Format& format) {
  if (format.type == "integer") return append_integer(value, format);
  if (format.type == "float") return append_float(value, format);
  if (format.type == "binary" || format.type == "bitstring") return append_bits(value, format);
  return append_character(value, format);
}

bool BitBuilder::append_integer(const Term& value, const Format& format) {
  if (!value.is_integer()) return false;
  const Bits bits = integer_bits(value, format.size * format.unit);
  push_bits(format.little ? little_endian(bits) : bits);
  return true;
}

bool BitBuilder::append_float(const Term& value, const Format& format) {
  const std::size_t size = format.size * format.unit;
  const std::int64_t* integer = value.as_small_integer();
  if ((value.as_float() == nullptr && integer == nullptr) || (size != 32 && size != 64))
    return false;
  const double number = integer != nullptr ? static_cast<double>(*integer) : *value.as_float();
  const std::uint64_t pattern = size == 64
                                    ? std::bit_cast<std::uint64_t>(number)
                                    : std::bit_cast<std::uint32_t>(static_cast<float>(number));
  Bits bits;
  for (std::size_t bit = size; bit-- > 0;)
    bits.push_back(((pattern >> bit) & 1U) != 0);
  push_bits(format.little ? little_endian(bits) : bits);
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
    push_bits(format.little ? little_endian(bits) : bits);
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
