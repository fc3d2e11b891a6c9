// SPDX-License-Identifier: Apache-2.0
#include "term/external.hpp"

// Every term begins with a tag byte that fixes its layout; numbers are big-endian. Decoding is one
// recursive descent over the bytes with three budgets:
//
//   depth   goes down by one inside every compound term, so the stack is bounded;
//   terms   is charged when a compound term *announces* its elements, before any room is made for
//           them, so that nested false announcements cannot each reserve memory;
//   bytes   an announced length must fit into what is left of the input (an element has at least
//           one byte), and a compressed term is unpacked piece by piece up to its limit.
//
// A list whose tail is again a list is read in a loop, so that a chain of one-element lists costs
// neither depth nor repeated copying. Pids, ports, references and funs are walked to find their
// end, and kept as they stand.

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include <zlib.h>

#include "base/error.hpp"
#include "term/big_integer.hpp"
#include "term/bit_syntax.hpp"
#include "term/external_tags.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr std::size_t longest_atom = 255;     // characters
constexpr std::uint32_t reference_words = 5;  // at most, since OTP 24
constexpr std::size_t old_float_length = 31;  // text, padded with zero bytes

enum class AtomEncoding { latin1, utf8 };

class Decoder {
 public:
  // `place` is put before offsets in messages: "offset " or "unpacked offset ".
  Decoder(std::string_view bytes, const ExternalLimits& limits, std::string_view place)
      : bytes_(bytes), limits_(limits), terms_left_(limits.terms), place_(place) {}

  // One term with its version number, perhaps compressed.
  Term versioned_term();
  std::size_t offset() const { return offset_; }
  std::size_t left() const { return bytes_.size() - offset_; }
  [[noreturn]] void fail(std::size_t at, const std::string& what) const;

 private:
  Term term();
  Term compound(unsigned char tag, std::size_t start);
  Term tuple(std::uint32_t size);
  Term list();
  Term string();
  Term map();
  Term atom(std::size_t length, AtomEncoding encoding, std::size_t start);
  Term old_float();
  Term new_float();
  Term big(std::uint32_t length);
  Term bit_binary();
  std::optional<Term> atom_with(unsigned char tag, std::size_t start);
  std::optional<Term> opaque(unsigned char tag, std::size_t start);
  Term opaque_rest(Term::OpaqueKind kind, std::size_t start, std::size_t after_node);
  Term reference(std::size_t start, std::size_t creation_bytes);
  Term fun(std::size_t start);
  Term new_fun(std::size_t start);
  Term export_fun();
  Term compressed();
  std::string unpack(std::uint32_t size);
  Term some_atom(const char* what);
  void skip_atom(const char* what);
  void skip_integer(const char* what);
  void skip_pid();
  void skip_terms(std::uint32_t count);

  void announce(std::uint64_t terms, std::size_t start);
  std::string_view take(std::size_t count);
  std::uint64_t number(std::size_t byte_count);
  std::uint32_t word() { return static_cast<std::uint32_t>(number(4)); }
  unsigned char byte() { return static_cast<unsigned char>(take(1).front()); }
  unsigned char peek() const {
    return left() == 0 ? 0 : static_cast<unsigned char>(bytes_[offset_]);
  }

  std::string_view bytes_;
  const ExternalLimits& limits_;
  std::size_t offset_ = 0;
  std::size_t depth_ = 0;
  std::size_t terms_left_;
  std::string_view place_;
};

void Decoder::fail(std::size_t at, const std::string& what) const {
  throw Error(ErrorCode::bad_input,
              "external term, " + std::string(place_) + std::to_string(at) + ": " + what);
}

std::string_view Decoder::take(std::size_t count) {
  if (count > left()) {
    fail(offset_, "cut short: " + std::to_string(count) + " bytes must follow, " +
                      std::to_string(left()) + " do");
  }
  const std::string_view taken = bytes_.substr(offset_, count);
  offset_ += count;
  return taken;
}

std::uint64_t Decoder::number(std::size_t byte_count) {
  std::uint64_t value = 0;
  for (const char byte : take(byte_count))
    value = (value << 8U) | static_cast<unsigned char>(byte);
  return value;
}

void Decoder::announce(std::uint64_t terms, std::size_t start) {
  if (terms > left()) {
    fail(start, "announces " + std::to_string(terms) + " elements, but only " +
                    std::to_string(left()) + " bytes follow");
  }
  if (terms > terms_left_) {
    fail(start, "more than " + std::to_string(limits_.terms) + " terms");
  }
  terms_left_ -= terms;
}

Term Decoder::versioned_term() {
  if (byte() != external_version) {
    fail(offset_ - 1, "the version number 131 must stand here");
  }
  if (peek() != tag_compressed) return term();
  take(1);
  return compressed();
}

Term Decoder::term() {
  const std::size_t start = offset_;
  const unsigned char tag = byte();
  switch (tag) {
    case tag_small_integer:
      return Term(static_cast<std::int64_t>(byte()));
    case tag_integer:
      return Term(static_cast<std::int64_t>(static_cast<std::int32_t>(word())));
    case tag_small_big:
      return big(byte());
    case tag_large_big:
      return big(word());
    case tag_float:
      return old_float();
    case tag_new_float:
      return new_float();
    case tag_nil:
      return {};
    case tag_string:
      return string();
    case tag_binary:
      return Term::binary(std::string(take(word())));
    case tag_bit_binary:
      return bit_binary();
    default:
      if (std::optional<Term> found = atom_with(tag, start)) return *std::move(found);
      return compound(tag, start);
  }
}

Term Decoder::compound(unsigned char tag, std::size_t start) {
  if (depth_ == limits_.depth) {
    fail(start, "terms nest deeper than " + std::to_string(limits_.depth));
  }
  ++depth_;
  Term result;
  if (tag == tag_small_tuple) {
    result = tuple(byte());
  } else if (tag == tag_large_tuple) {
    result = tuple(word());
  } else if (tag == tag_list) {
    result = list();
  } else if (tag == tag_map) {
    result = map();
  } else if (std::optional<Term> found = opaque(tag, start)) {
    result = *std::move(found);
  } else {
    fail(start, "no term begins with the tag " + std::to_string(tag));
  }
  --depth_;
  return result;
}

Term Decoder::tuple(std::uint32_t size) {
  announce(size, offset_);
  Term::Elements elements;
  elements.reserve(size);
  for (std::uint32_t i = 0; i < size; ++i)
    elements.push_back(term());
  return Term::tuple(std::move(elements));
}

Term Decoder::list() {
  Term::Elements elements;
  while (true) {
    const std::size_t at = offset_;
    const std::uint32_t size = word();
    announce(std::uint64_t{size} + 1, at);  // and the tail
    for (std::uint32_t i = 0; i < size; ++i)
      elements.push_back(term());
    if (peek() != tag_list) break;
    take(1);
  }
  const Term tail = term();
  if (!tail.is_proper_list()) return Term::list(std::move(elements), tail);
  elements.insert(elements.end(), tail.as_list()->begin(), tail.as_list()->end());
  return Term::list(std::move(elements));
}

Term Decoder::string() {
  const std::size_t start = offset_;
  const std::string_view characters = take(number(2));
  if (characters.size() > terms_left_) {
    fail(start, "more than " + std::to_string(limits_.terms) + " terms");
  }
  terms_left_ -= characters.size();
  Term::Elements elements;
  elements.reserve(characters.size());
  for (const char character : characters)
    elements.emplace_back(static_cast<std::int64_t>(static_cast<unsigned char>(character)));
  return Term::list(std::move(elements));
}

Term Decoder::map() {
  const std::size_t start = offset_;
  const std::uint32_t size = word();
  announce(2 * std::uint64_t{size}, start);
  Term::Pairs pairs;
  pairs.reserve(size);
  for (std::uint32_t i = 0; i < size; ++i) {
    Term key = term();
    pairs.emplace_back(std::move(key), term());
  }
  Term result = Term::map(std::move(pairs));
  if (result.as_map()->size() != size) fail(start, "a map has the same key twice");
  return result;
}

Term Decoder::big(std::uint32_t length) {
  const bool negative = byte() != 0;
  return Term(BigInteger::from_bytes(take(length), negative));
}

Term Decoder::old_float() {
  const std::size_t start = offset_;
  std::string_view text = take(old_float_length);
  text = text.substr(0, std::min(text.find('\0'), text.size()));
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    fail(start, "not the text of a finite float");
  }
  return Term(value);
}

Term Decoder::new_float() {
  const std::size_t start = offset_;
  const auto value = std::bit_cast<double>(number(8));
  if (!std::isfinite(value)) fail(start, "a float must be finite");
  return Term(value);
}

Term Decoder::bit_binary() {
  const std::size_t start = offset_;
  const std::uint32_t length = word();
  const unsigned bits = byte();
  if (bits > 8 || (bits == 0) != (length == 0)) {
    fail(start, "a bit string of " + std::to_string(length) + " bytes cannot use " +
                    std::to_string(bits) + " bits of the last one");
  }
  return Term::binary(std::string(take(length)), bits == 0 ? 8 : bits);
}

std::optional<Term> Decoder::atom_with(unsigned char tag, std::size_t start) {
  switch (tag) {
    case tag_atom:
      return atom(number(2), AtomEncoding::latin1, start);
    case tag_small_atom:
      return atom(byte(), AtomEncoding::latin1, start);
    case tag_atom_utf8:
      return atom(number(2), AtomEncoding::utf8, start);
    case tag_small_atom_utf8:
      return atom(byte(), AtomEncoding::utf8, start);
    default:
      return std::nullopt;
  }
}

Term Decoder::atom(std::size_t length, AtomEncoding encoding, std::size_t start) {
  const std::string_view name = take(length);
  if (encoding == AtomEncoding::utf8 && !is_valid_utf8(name)) {
    fail(start, "the name of an atom is not valid UTF-8");
  }
  const std::string utf8 =
      encoding == AtomEncoding::latin1 ? latin1_to_utf8(name) : std::string(name);
  if (count_code_points(utf8) > longest_atom) {
    fail(start, "an atom has more than 255 characters");
  }
  return Term::atom(utf8);
}

std::optional<Term> Decoder::opaque(unsigned char tag, std::size_t start) {
  using Kind = Term::OpaqueKind;
  switch (tag) {
    case tag_pid:
      return opaque_rest(Kind::pid, start, 4 + 4 + 1);
    case tag_new_pid:
      return opaque_rest(Kind::pid, start, 4 + 4 + 4);
    case tag_port:
      return opaque_rest(Kind::port, start, 4 + 1);
    case tag_new_port:
      return opaque_rest(Kind::port, start, 4 + 4);
    case tag_v4_port:
      return opaque_rest(Kind::port, start, 8 + 4);
    case tag_reference:
      return opaque_rest(Kind::reference, start, 4 + 1);
    case tag_new_reference:
      return reference(start, 1);
    case tag_newer_reference:
      return reference(start, 4);
    case tag_fun:
      return fun(start);
    case tag_new_fun:
      return new_fun(start);
    case tag_export:
      return export_fun();
    default:
      return std::nullopt;
  }
}

// A node name and `after_node` bytes of identity.
Term Decoder::opaque_rest(Term::OpaqueKind kind, std::size_t start, std::size_t after_node) {
  skip_atom("the name of a node");
  take(after_node);
  return Term::opaque(kind, std::string(bytes_.substr(start, offset_ - start)));
}

Term Decoder::reference(std::size_t start, std::size_t creation_bytes) {
  const auto words = static_cast<std::uint32_t>(number(2));
  if (words == 0 || words > reference_words) {
    fail(start, "a reference has 1 to 5 words, not " + std::to_string(words));
  }
  return opaque_rest(Term::OpaqueKind::reference, start, creation_bytes + 4 * std::size_t{words});
}

Term Decoder::fun(std::size_t start) {
  const std::uint32_t free_variables = word();
  skip_pid();
  skip_atom("the module of a fun");
  skip_integer("the index of a fun");
  skip_integer("the uniq number of a fun");
  skip_terms(free_variables);
  return Term::opaque(Term::OpaqueKind::fun, std::string(bytes_.substr(start, offset_ - start)));
}

Term Decoder::new_fun(std::size_t start) {
  const std::size_t begin = offset_;
  const std::uint32_t size = word();  // of all that follows the tag, itself included
  take(1 + 16 + 4);                   // arity, uniq, index
  const std::uint32_t free_variables = word();
  skip_atom("the module of a fun");
  skip_integer("the old index of a fun");
  skip_integer("the old uniq number of a fun");
  skip_pid();
  skip_terms(free_variables);
  if (offset_ - begin != size) {
    fail(start, "a fun says that it has " + std::to_string(size) + " bytes, it has " +
                    std::to_string(offset_ - begin));
  }
  return Term::opaque(Term::OpaqueKind::fun, std::string(bytes_.substr(start, offset_ - start)));
}

// Kept in one encoding, whichever of several a node chose for the atoms, so that equal funs are
// equal.
Term Decoder::export_fun() {
  const Term module = some_atom("the module of an external fun");
  const Term function = some_atom("the name of an external fun");
  const std::size_t at = offset_;
  const Term arity = term();
  const std::int64_t* count = arity.as_small_integer();
  if (count == nullptr || *count < 0 || *count > 255) {
    fail(at, "the arity of an external fun must be 0 to 255");
  }
  return external_fun(*module.as_atom(), *function.as_atom(), *count);
}

Term Decoder::some_atom(const char* what) {
  const std::size_t at = offset_;
  const std::optional<Term> found = atom_with(byte(), at);
  if (!found) fail(at, std::string(what) + " must be an atom");
  return *found;
}

void Decoder::skip_atom(const char* what) {
  some_atom(what);
}

void Decoder::skip_integer(const char* what) {
  const std::size_t at = offset_;
  if (peek() != tag_small_integer && peek() != tag_integer) {
    fail(at, std::string(what) + " must be an integer");
  }
  term();
}

void Decoder::skip_pid() {
  const std::size_t at = offset_;
  if (peek() != tag_pid && peek() != tag_new_pid) fail(at, "the creator of a fun must be a pid");
  term();
}

void Decoder::skip_terms(std::uint32_t count) {
  announce(count, offset_);
  for (std::uint32_t i = 0; i < count; ++i)
    term();
}

Term Decoder::compressed() {
  const std::size_t start = offset_;
  const std::uint32_t size = word();
  if (size > limits_.unpacked_bytes) {
    fail(start, "a compressed term would unpack to " + std::to_string(size) +
                    " bytes, more than the limit of " + std::to_string(limits_.unpacked_bytes));
  }
  const std::string unpacked = unpack(size);
  Decoder inner(unpacked, limits_, "unpacked offset ");
  Term result = inner.term();
  if (inner.left() != 0) {
    inner.fail(inner.offset(), std::to_string(inner.left()) + " bytes follow the term");
  }
  return result;
}

// Inflates what follows, which must give `size` bytes, and moves after it.
std::string Decoder::unpack(std::uint32_t size) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) fail(offset_, "zlib does not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&stream, inflateEnd);
  const std::size_t input = std::min<std::size_t>(left(), std::numeric_limits<uInt>::max());
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes_.data() + offset_));
  stream.avail_in = static_cast<uInt>(input);
  std::string unpacked;
  std::array<char, 16384> piece;
  int status = Z_OK;
  while (status == Z_OK && unpacked.size() <= size) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    unpacked.append(piece.data(), piece.size() - stream.avail_out);
  }
  if (unpacked.size() > size || (status == Z_STREAM_END && unpacked.size() < size)) {
    fail(offset_, "a compressed term does not unpack to " + std::to_string(size) + " bytes");
  }
  if (status != Z_STREAM_END) fail(offset_, "the zlib data of a compressed term are damaged");
  offset_ += input - stream.avail_in;
  return unpacked;
}

constexpr std::size_t size_field = 4;

}  // namespace

std::string unpack_external(std::string_view bytes, std::size_t most) {
  const auto fail = [](const char* what) -> std::string {
    throw Error(ErrorCode::bad_input, std::string("external term: ") + what);
  };
  if (bytes.size() < 2 || static_cast<unsigned char>(bytes[0]) != external_version) {
    return fail("does not begin with its version");
  }
  if (bytes[1] != tag_compressed) return std::string(bytes.substr(1, most));
  if (bytes.size() < 2 + size_field) return fail("cut short");
  std::uint32_t size = 0;
  for (std::size_t i = 2; i < 2 + size_field; ++i)
    size = (size << 8U) | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(2 + size_field);
  std::string unpacked(std::min<std::size_t>(size, most), '\0');
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return fail("zlib does not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(unpacked.data());
  stream.avail_out = static_cast<uInt>(unpacked.size());
  inflate(&stream, Z_SYNC_FLUSH);
  if (stream.avail_out != 0) return fail("its zlib data are damaged");
  return unpacked;
}

Term decode_external(std::string_view bytes, const ExternalLimits& limits) {
  Decoder decoder(bytes, limits, "offset ");
  Term term = decoder.versioned_term();
  if (decoder.left() != 0) {
    decoder.fail(decoder.offset(), std::to_string(decoder.left()) + " bytes follow the term");
  }
  return term;
}

Term take_external(std::string_view& bytes, const ExternalLimits& limits) {
  Decoder decoder(bytes, limits, "offset ");
  Term term = decoder.versioned_term();
  bytes.remove_prefix(decoder.offset());
  return term;
}

}  // namespace relup
