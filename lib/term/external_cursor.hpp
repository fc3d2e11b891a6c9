// SPDX-License-Identifier: Apache-2.0
#pragma once

// Walks over a term in the external format without making it, for who wants a small part of a large
// one: step into tuples, lists and maps, skip what is of no interest, and make a Term only of what
// is. Bytes that are cut off, and steps that the bytes do not allow, are an Error (bad_input).

#include <cstdint>
#include <string>
#include <string_view>

#include "term/external.hpp"
#include "term/term.hpp"

namespace relup {

class ExternalCursor {
 public:
  // `bytes` begin with a term without a version number, and must outlive the cursor.
  explicit ExternalCursor(std::string_view bytes) : bytes_(bytes) {}

  std::size_t offset() const { return offset_; }

  // Steps before the first element and says how many there are. A list has a tail after its
  // elements, [] in a proper one; [] itself is a list of none and has no tail. A map has twice as
  // many terms: keys and values by turns.
  std::uint32_t enter_tuple();
  std::uint32_t enter_list();
  std::uint32_t enter_map();

  std::string_view take_atom();
  std::int64_t take_integer();
  // Says how many terms that was: the term itself and all in it, each character of a string too.
  std::size_t skip();
  Term take_term(const ExternalLimits& limits);

  // The bytes of the next term, which is skipped; in one encoding, equal terms are equal bytes.
  std::string_view take_bytes();

  // Whether an atom, an integer of at most 32 bits, a tuple or a list comes next.
  bool is_at_atom() const;
  bool is_at_integer() const;
  bool is_at_tuple() const;
  bool is_at_list() const;

 private:
  unsigned char peek() const;
  std::uint64_t number(std::size_t bytes);
  void pass(std::uint64_t bytes);
  std::uint64_t pass_head();
  [[noreturn]] void fail(const char* expected) const;

  std::string_view bytes_;
  std::size_t offset_ = 0;
};

}  // namespace relup
