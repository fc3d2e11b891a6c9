// SPDX-License-Identifier: Apache-2.0
#include "term/external.hpp"

// Every term has one encoding here, so that equal terms give equal bytes: the shortest integer
// layout, UTF-8 atoms, floats of eight bytes, maps in key order, and STRING_EXT for the lists of
// bytes that fit it, as `term_to_binary/1` has them. Pids and their like are written as they came.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "base/error.hpp"
#include "term/big_integer.hpp"
#include "term/external_tags.hpp"

namespace relup {
namespace {

class Encoder {
 public:
  std::string encode(const Term& term) {
    byte(external_version);
    put(term);
    return std::move(bytes_);
  }

 private:
  void put(const Term& term);
  void put_integer(std::int64_t value);
  void put_big(std::string_view magnitude, bool negative);
  void put_atom(const std::string& name);
  void put_tuple(const Term::Elements& elements);
  void put_list(const Term& list);
  bool put_string(const Term& list);
  void put_bits(const Term::Bits& bits);
  void put_map(const Term::Pairs& pairs);

  void byte(std::uint64_t value) { bytes_ += static_cast<char>(value & 0xFFU); }
  void number(std::uint64_t value, unsigned byte_count) {
    for (unsigned left = byte_count; left > 0; --left)
      byte(value >> (8U * (left - 1)));
  }
  void size(std::size_t value) {
    if (value > std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorCode::bad_input,
                  "a term of " + std::to_string(value) +
                      " parts does not fit the external term format (at most 2^32 - 1)");
    }
    number(value, 4);
  }

  std::string bytes_;
};

void Encoder::put(const Term& term) {
  if (const Atom* atom = term.as_atom()) return put_atom(atom->name());
  if (const std::int64_t* integer = term.as_small_integer()) return put_integer(*integer);
  if (const Term::Elements* elements = term.as_tuple()) return put_tuple(*elements);
  if (term.is_list()) return put_list(term);
  if (const Term::Bits* bits = term.as_bits()) return put_bits(*bits);
  if (const Term::Pairs* pairs = term.as_map()) return put_map(*pairs);
  if (const double* number_value = term.as_float()) {
    byte(tag_new_float);
    return number(std::bit_cast<std::uint64_t>(*number_value), 8);
  }
  if (const BigInteger* big = term.as_big_integer()) {
    return put_big(big->magnitude_bytes(), big->is_negative());
  }
  bytes_ += term.as_opaque()->second;
}

void Encoder::put_integer(std::int64_t value) {
  if (value >= 0 && value <= 255) {
    byte(tag_small_integer);
    byte(static_cast<std::uint64_t>(value));
  } else if (value >= std::numeric_limits<std::int32_t>::min() &&
             value <= std::numeric_limits<std::int32_t>::max()) {
    byte(tag_integer);
    number(static_cast<std::uint64_t>(value), 4);
  } else {
    std::uint64_t left = static_cast<std::uint64_t>(value);
    if (value < 0) left = ~left + 1;
    std::string magnitude;
    for (; left != 0; left >>= 8U)
      magnitude += static_cast<char>(left & 0xFFU);
    put_big(magnitude, value < 0);
  }
}

void Encoder::put_big(std::string_view magnitude, bool negative) {
  if (magnitude.size() <= 255) {
    byte(tag_small_big);
    byte(magnitude.size());
  } else {
    byte(tag_large_big);
    size(magnitude.size());
  }
  byte(negative ? 1 : 0);
  bytes_ += magnitude;
}

void Encoder::put_atom(const std::string& name) {
  if (name.size() <= 255) {
    byte(tag_small_atom_utf8);
    byte(name.size());
  } else {
    byte(tag_atom_utf8);
    number(name.size(), 2);
  }
  bytes_ += name;
}

void Encoder::put_tuple(const Term::Elements& elements) {
  if (elements.size() <= 255) {
    byte(tag_small_tuple);
    byte(elements.size());
  } else {
    byte(tag_large_tuple);
    size(elements.size());
  }
  for (const Term& element : elements)
    put(element);
}

void Encoder::put_list(const Term& list) {
  if (list.is_nil()) return byte(tag_nil);
  if (put_string(list)) return;
  byte(tag_list);
  size(list.as_list()->size());
  for (const Term& element : *list.as_list())
    put(element);
  put(list.tail() == nullptr ? Term() : *list.tail());
}

// A short proper list of bytes has an encoding of its own. False when `list` is no such list.
bool Encoder::put_string(const Term& list) {
  const Term::Elements& elements = *list.as_list();
  if (list.tail() != nullptr || elements.size() > 65535) return false;
  const bool all_bytes = std::all_of(elements.begin(), elements.end(), [](const Term& element) {
    const std::int64_t* value = element.as_small_integer();
    return value != nullptr && *value >= 0 && *value <= 255;
  });
  if (!all_bytes) return false;
  byte(tag_string);
  number(elements.size(), 2);
  for (const Term& element : elements)
    byte(static_cast<std::uint64_t>(*element.as_small_integer()));
  return true;
}

void Encoder::put_bits(const Term::Bits& bits) {
  const bool whole = bits.last_bits == 8 || bits.bytes.empty();
  byte(whole ? tag_binary : tag_bit_binary);
  size(bits.bytes.size());
  if (!whole) byte(bits.last_bits);
  bytes_ += bits.bytes;
}

void Encoder::put_map(const Term::Pairs& pairs) {
  byte(tag_map);
  size(pairs.size());
  for (const auto& [key, value] : pairs) {
    put(key);
    put(value);
  }
}

}  // namespace

std::string encode_external(const Term& term) {
  return Encoder().encode(term);
}

}  // namespace relup
