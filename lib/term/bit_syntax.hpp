// SPDX-License-Identifier: Apache-2.0
#pragma once

// Literal bit strings, `<<1, 2:4, "é"/utf8>>`: segments are appended one after the other by the
// rules of the bit syntax (Reference Manual, "Bit Syntax Expressions"). A segment that has no
// value, such as a float of 7 bits, is refused.

#include <string>
#include <string_view>
#include <vector>

#include "term/term.hpp"

namespace relup {

struct BitSegment {
  Term value;
  Term size;                       // [] when not given
  std::vector<std::string> types;  // "integer", "little", "unit:8"
  bool is_string = false;          // a string literal: every character is a segment of its own
  Span span;
};

class BitBuilder {
 public:
  // False when the segment has no value; nothing is appended then.
  [[nodiscard]] bool append(const BitSegment& segment);
  Term finish() const;

 private:
  struct Format;
  static bool set_specifier(std::string_view specifier, Format& format);
  static bool read_format(const BitSegment& segment, Format& format);
  bool append_value(const Term& value, const Format& format);
  bool append_integer(const Term& value, const Format& format);
  bool append_float(const Term& value, const Format& format);
  bool append_bits(const Term& value, const Format& format);
  bool append_character(const Term& value, const Format& format);
  void push_bits(const std::vector<bool>& bits) {
    bits_.insert(bits_.end(), bits.begin(), bits.end());
  }

  std::vector<bool> bits_;
};

// The number with its sign turned.
Term negated(const Term& number);

// `fun Module:Function/Arity` as a term.
Term external_fun(Atom module, Atom function, std::int64_t arity);

}  // namespace relup
