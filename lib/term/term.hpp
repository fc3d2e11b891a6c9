// SPDX-License-Identifier: Apache-2.0
#pragma once

// An Erlang term as an immutable value. Copying is cheap (compound terms share their parts),
// equality is Erlang's `=:=`, order is that of the keys of a map: Erlang's term order, but with
// every integer before every float. A term read from a text remembers its span there; the span
// is no part of its value. A string is a list of code points, as in Erlang. Pids, references, ports
// and funs, which only a live node can give meaning to, are kept as their external encoding.

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/source.hpp"
#include "term/atom.hpp"

namespace relup {

class BigInteger;

class Term {
 public:
  using Elements = std::vector<Term>;
  using Pairs = std::vector<std::pair<Term, Term>>;

  struct Bits {
    std::string bytes;
    unsigned last_bits = 8;  // how many bits of the last byte count, from the top: 1 to 8
  };
  enum class OpaqueKind { reference, fun, port, pid };  // in term order

  Term() = default;  // []
  explicit Term(Atom atom) : value_(atom) {}
  explicit Term(std::int64_t integer) : value_(integer) {}
  explicit Term(double number) : value_(number) {}
  explicit Term(BigInteger integer);  // becomes a plain integer when it fits one

  static Term atom(std::string_view name) { return Term(Atom(name)); }
  static Term string(std::string_view utf8);  // a list of code points
  static Term list(Elements elements, Term tail = Term());
  static Term tuple(Elements elements);
  static Term binary(std::string bytes, unsigned last_bits = 8);
  static Term map(Pairs pairs);  // of pairs with equal keys the last one counts
  static Term opaque(OpaqueKind kind, std::string external);

  bool is_nil() const;
  bool is_list() const;         // [] or a cons, proper or not
  bool is_proper_list() const;  // [] or a cons that ends in []
  bool is_integer() const;      // of any size
  bool is_atom(std::string_view name) const;
  // A tuple of `size` elements whose first one is the atom `tag`.
  bool is_tagged(std::string_view tag, std::size_t size) const;

  // The part asked for, or null when the term is of another kind.
  const Atom* as_atom() const { return std::get_if<Atom>(&value_); }
  const std::int64_t* as_small_integer() const { return std::get_if<std::int64_t>(&value_); }
  const BigInteger* as_big_integer() const;
  const double* as_float() const { return std::get_if<double>(&value_); }
  const Elements* as_tuple() const;
  const Elements* as_list() const;  // the elements before the tail; empty for []
  const Term* tail() const;         // of an improper list only
  const Bits* as_bits() const;
  const Pairs* as_map() const;  // sorted by key
  const std::pair<OpaqueKind, std::string>* as_opaque() const;

  // The UTF-8 text of a proper list of Unicode code points ("" for []), none for anything else.
  std::optional<std::string> text() const;
  // The elements of a proper list of atoms, none for anything else.
  std::optional<std::vector<Atom>> atoms() const;

  Span span() const { return span_; }
  Term at(Span span) const&;
  Term at(Span span) &&;

  bool operator==(const Term& other) const;
  std::strong_ordering operator<=>(const Term& other) const;

 private:
  struct Tuple;
  struct List;
  struct Map;
  using BitsPointer = std::shared_ptr<const Bits>;
  using OpaquePointer = std::shared_ptr<const std::pair<OpaqueKind, std::string>>;
  using Value = std::variant<std::shared_ptr<const List>,  // null is []
                             std::int64_t, std::shared_ptr<const BigInteger>, double, Atom,
                             std::shared_ptr<const Tuple>, BitsPointer, std::shared_ptr<const Map>,
                             OpaquePointer>;

  int rank() const;
  bool shares_with(const Term& other) const;

  Value value_;
  Span span_;
};

// A tagged tuple, `{tag, parts...}`.
template <typename... Parts>
Term tagged(std::string_view tag, Parts... parts) {
  Term::Elements elements;
  elements.reserve(1 + sizeof...(parts));
  elements.push_back(Term::atom(tag));
  (elements.push_back(std::move(parts)), ...);
  return Term::tuple(std::move(elements));
}

// A list of atoms.
Term atom_list(const std::vector<Atom>& atoms);

}  // namespace relup
