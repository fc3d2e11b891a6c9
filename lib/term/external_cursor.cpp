// SPDX-License-Identifier: Apache-2.0
//
// Skipping is a count of terms that are still to come: every head takes one off and adds what it
// announces, so nesting costs nothing.

#include "term/external_cursor.hpp"

#include "base/error.hpp"
#include "term/external_tags.hpp"

namespace relup {

void ExternalCursor::fail(const char* expected) const {
  throw Error(ErrorCode::bad_input, "external term, offset " + std::to_string(offset_) +
                                        ": expected " + std::string(expected));
}

unsigned char ExternalCursor::peek() const {
  if (offset_ >= bytes_.size()) fail("a term");
  return static_cast<unsigned char>(bytes_[offset_]);
}

void ExternalCursor::pass(std::uint64_t bytes) {
  if (bytes > bytes_.size() - offset_) fail("more bytes");
  offset_ += bytes;
}

std::uint64_t ExternalCursor::number(std::size_t bytes) {
  const std::size_t begin = offset_;
  pass(bytes);
  std::uint64_t value = 0;
  for (std::size_t i = begin; i < offset_; ++i)
    value = (value << 8U) | static_cast<unsigned char>(bytes_[i]);
  return value;
}

bool ExternalCursor::is_at_atom() const {
  const unsigned char tag = peek();
  return tag == tag_atom || tag == tag_small_atom || tag == tag_atom_utf8 ||
         tag == tag_small_atom_utf8;
}

bool ExternalCursor::is_at_integer() const {
  return peek() == tag_small_integer || peek() == tag_integer;
}

bool ExternalCursor::is_at_tuple() const {
  return peek() == tag_small_tuple || peek() == tag_large_tuple;
}

bool ExternalCursor::is_at_list() const {
  return peek() == tag_list || peek() == tag_nil;
}

std::uint32_t ExternalCursor::enter_tuple() {
  if (!is_at_tuple()) fail("a tuple");
  const std::size_t width = number(1) == tag_small_tuple ? 1 : 4;
  return static_cast<std::uint32_t>(number(width));
}

std::uint32_t ExternalCursor::enter_list() {
  if (!is_at_list()) fail("a list");
  return number(1) == tag_nil ? 0 : static_cast<std::uint32_t>(number(4));
}

std::uint32_t ExternalCursor::enter_map() {
  if (peek() != tag_map) fail("a map");
  pass(1);
  return static_cast<std::uint32_t>(number(4));
}

std::string_view ExternalCursor::take_atom() {
  if (!is_at_atom()) fail("an atom");
  const std::uint64_t tag = number(1);
  const bool is_small = tag == tag_small_atom || tag == tag_small_atom_utf8;
  const std::uint64_t size = number(is_small ? 1 : 2);
  pass(size);
  return bytes_.substr(offset_ - size, size);
}

std::int64_t ExternalCursor::take_integer() {
  if (!is_at_integer()) fail("an integer");
  const bool is_small = number(1) == tag_small_integer;
  return is_small ? static_cast<std::int64_t>(number(1)) : static_cast<std::int32_t>(number(4));
}

// Passes what stands before the parts of a term, and says how many parts follow.
std::uint64_t ExternalCursor::pass_head() {
  switch (number(1)) {
    case tag_nil:
      return 0;
    case tag_small_integer:
      return pass(1), 0;
    case tag_integer:
      return pass(4), 0;
    case tag_new_float:
      return pass(8), 0;
    case tag_float:
      return pass(31), 0;
    case tag_small_atom:
    case tag_small_atom_utf8:
      return pass(number(1)), 0;
    case tag_atom:
    case tag_atom_utf8:
    case tag_string:
      return pass(number(2)), 0;
    case tag_binary:
      return pass(number(4)), 0;
    case tag_bit_binary:
      return pass(number(4) + 1), 0;
    case tag_small_big:
      return pass(number(1) + 1), 0;
    case tag_large_big:
      return pass(number(4) + 1), 0;
    case tag_small_tuple:
      return number(1);
    case tag_large_tuple:
      return number(4);
    case tag_list:
      return number(4) + 1;
    case tag_map:
      return number(4) * 2;
    case tag_export:
      return 3;
    default:
      fail("a term that a program text can hold");
  }
}

std::size_t ExternalCursor::skip() {
  std::size_t passed = 0;
  for (std::uint64_t to_come = 1; to_come > 0; --to_come) {
    const std::size_t begin = offset_;
    const bool is_string = peek() == tag_string;
    to_come += pass_head();
    passed += is_string ? offset_ - begin : 1;
  }
  return passed;
}

std::string_view ExternalCursor::take_bytes() {
  const std::size_t begin = offset_;
  skip();
  return bytes_.substr(begin, offset_ - begin);
}

Term ExternalCursor::take_term(const ExternalLimits& limits) {
  std::string versioned(1, static_cast<char>(external_version));
  versioned.append(take_bytes());
  return decode_external(versioned, limits);
}

}  // namespace relup
