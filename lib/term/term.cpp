// SPDX-License-Identifier: Apache-2.0
#include "term/term.hpp"

#include <algorithm>
#include <cmath>

#include "term/big_integer.hpp"
#include "term/utf8.hpp"

namespace relup {

struct Term::Tuple {
  Elements elements;
};
struct Term::List {
  Elements elements;  // never empty
  Term tail;
};
struct Term::Map {
  Pairs pairs;
};

Term::Term(BigInteger integer) {
  if (const std::optional<std::int64_t> small = integer.small()) {
    value_ = *small;
  } else {
    value_ = std::make_shared<const BigInteger>(std::move(integer));
  }
}

Term Term::string(std::string_view utf8) {
  Elements elements;
  elements.reserve(utf8.size());
  while (!utf8.empty())
    elements.emplace_back(static_cast<std::int64_t>(take_code_point(utf8)));
  return list(std::move(elements));
}

Term Term::list(Elements elements, Term tail) {
  if (elements.empty()) return tail;
  if (const auto* rest = std::get_if<std::shared_ptr<const List>>(&tail.value_); rest && *rest) {
    elements.insert(elements.end(), (*rest)->elements.begin(), (*rest)->elements.end());
    // By way of a copy: `tail` may be all that keeps its own tail alive.
    Term inner = (*rest)->tail;
    tail = std::move(inner);
  }
  Term term;
  term.value_ = std::make_shared<const List>(List{std::move(elements), std::move(tail)});
  return term;
}

Term Term::tuple(Elements elements) {
  Term term;
  term.value_ = std::make_shared<const Tuple>(Tuple{std::move(elements)});
  return term;
}

Term Term::binary(std::string bytes, unsigned last_bits) {
  if (last_bits < 8 && !bytes.empty()) {
    const auto mask = static_cast<unsigned char>(0xFFU << (8U - last_bits));
    bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) & mask);
  }
  Term term;
  term.value_ = std::make_shared<const Bits>(Bits{std::move(bytes), last_bits});
  return term;
}

Term Term::map(Pairs pairs) {
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  Pairs kept;
  for (auto& pair : pairs) {
    if (!kept.empty() && kept.back().first == pair.first) kept.pop_back();
    kept.push_back(std::move(pair));
  }
  Term term;
  term.value_ = std::make_shared<const Map>(Map{std::move(kept)});
  return term;
}

Term Term::opaque(OpaqueKind kind, std::string external) {
  Term term;
  term.value_ =
      std::make_shared<const std::pair<OpaqueKind, std::string>>(kind, std::move(external));
  return term;
}

Term Term::at(Span span) const& {
  Term copy = *this;
  copy.span_ = span;
  return copy;
}

Term Term::at(Span span) && {
  span_ = span;
  return std::move(*this);
}

bool Term::is_list() const {
  return std::holds_alternative<std::shared_ptr<const List>>(value_);
}

bool Term::is_nil() const {
  const auto* list = std::get_if<std::shared_ptr<const List>>(&value_);
  return list != nullptr && *list == nullptr;
}

bool Term::is_proper_list() const {
  const auto* list = std::get_if<std::shared_ptr<const List>>(&value_);
  return list != nullptr && (*list == nullptr || (*list)->tail.is_nil());
}

bool Term::is_integer() const {
  return as_small_integer() != nullptr || as_big_integer() != nullptr;
}

bool Term::is_atom(std::string_view name) const {
  const Atom* atom = as_atom();
  return atom != nullptr && *atom == name;
}

bool Term::is_tagged(std::string_view tag, std::size_t size) const {
  const Elements* elements = as_tuple();
  return elements != nullptr && elements->size() == size && size > 0 &&
         elements->front().is_atom(tag);
}

const BigInteger* Term::as_big_integer() const {
  const auto* pointer = std::get_if<std::shared_ptr<const BigInteger>>(&value_);
  return pointer == nullptr ? nullptr : pointer->get();
}

const Term::Elements* Term::as_tuple() const {
  const auto* pointer = std::get_if<std::shared_ptr<const Tuple>>(&value_);
  return pointer == nullptr ? nullptr : &(*pointer)->elements;
}

const Term::Elements* Term::as_list() const {
  static const Elements none;
  const auto* pointer = std::get_if<std::shared_ptr<const List>>(&value_);
  if (pointer == nullptr) return nullptr;
  return *pointer == nullptr ? &none : &(*pointer)->elements;
}

const Term* Term::tail() const {
  const auto* pointer = std::get_if<std::shared_ptr<const List>>(&value_);
  const bool improper = pointer != nullptr && *pointer != nullptr && !(*pointer)->tail.is_nil();
  return improper ? &(*pointer)->tail : nullptr;
}

const Term::Bits* Term::as_bits() const {
  const auto* pointer = std::get_if<BitsPointer>(&value_);
  return pointer == nullptr ? nullptr : pointer->get();
}

const Term::Pairs* Term::as_map() const {
  const auto* pointer = std::get_if<std::shared_ptr<const Map>>(&value_);
  return pointer == nullptr ? nullptr : &(*pointer)->pairs;
}

const std::pair<Term::OpaqueKind, std::string>* Term::as_opaque() const {
  const auto* pointer = std::get_if<OpaquePointer>(&value_);
  return pointer == nullptr ? nullptr : pointer->get();
}

std::optional<std::string> Term::text() const {
  if (!is_proper_list()) return std::nullopt;
  std::string utf8;
  for (const Term& element : *as_list()) {
    const std::int64_t* code_point = element.as_small_integer();
    if (code_point == nullptr || !is_code_point(*code_point)) return std::nullopt;
    append_utf8(utf8, static_cast<char32_t>(*code_point));
  }
  return utf8;
}

std::optional<std::vector<Atom>> Term::atoms() const {
  if (!is_proper_list()) return std::nullopt;
  std::vector<Atom> atoms;
  atoms.reserve(as_list()->size());
  for (const Term& element : *as_list()) {
    const Atom* atom = element.as_atom();
    if (atom == nullptr) return std::nullopt;
    atoms.push_back(*atom);
  }
  return atoms;
}

// number < atom < reference < fun < port < pid < tuple < map < nil < list < bit string
int Term::rank() const {
  if (is_integer() || as_float() != nullptr) return 0;
  if (as_atom() != nullptr) return 1;
  if (const auto* opaque = as_opaque()) return 2 + static_cast<int>(opaque->first);
  if (as_tuple() != nullptr) return 6;
  if (as_map() != nullptr) return 7;
  if (is_nil()) return 8;
  return is_list() ? 9 : 10;
}

namespace {

std::strong_ordering compare_floats(double left, double right) {
  if (left < right) return std::strong_ordering::less;
  if (left > right) return std::strong_ordering::greater;
  return std::signbit(right) <=> std::signbit(left);
}

// Every integer before every float, as among the keys of a map.
std::strong_ordering compare_numbers(const Term& left, const Term& right) {
  const bool left_float = left.as_float() != nullptr;
  const bool right_float = right.as_float() != nullptr;
  if (left_float != right_float) return left_float <=> right_float;
  if (left_float) return compare_floats(*left.as_float(), *right.as_float());
  const BigInteger* left_big = left.as_big_integer();
  const BigInteger* right_big = right.as_big_integer();
  if (left_big != nullptr && right_big != nullptr) return *left_big <=> *right_big;
  if (left_big != nullptr)
    return left_big->is_negative() ? std::strong_ordering::less : std::strong_ordering::greater;
  if (right_big != nullptr)
    return right_big->is_negative() ? std::strong_ordering::greater : std::strong_ordering::less;
  return *left.as_small_integer() <=> *right.as_small_integer();
}

std::strong_ordering compare_elements(const Term::Elements& left, const Term::Elements& right) {
  const std::size_t shared = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const std::strong_ordering order = left[i] <=> right[i];
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_maps(const Term::Pairs& left, const Term::Pairs& right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::strong_ordering order = left[i].first <=> right[i].first;
    if (order != 0) return order;
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::strong_ordering order = left[i].second <=> right[i].second;
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_lists(const Term& left, const Term& right) {
  const std::strong_ordering order = compare_elements(*left.as_list(), *right.as_list());
  if (order != 0) return order;
  const std::size_t left_size = left.as_list()->size();
  const std::size_t right_size = right.as_list()->size();
  const Term nil;
  const Term& left_tail = left.tail() != nullptr ? *left.tail() : nil;
  const Term& right_tail = right.tail() != nullptr ? *right.tail() : nil;
  if (left_size == right_size) return left_tail <=> right_tail;
  // One list ends where the other goes on: its tail meets a cons.
  const Term cons = Term::list({nil});
  return left_size < right_size ? left_tail <=> cons : cons <=> right_tail;
}

}  // namespace

std::strong_ordering Term::operator<=>(const Term& other) const {
  if (rank() != other.rank()) return rank() <=> other.rank();
  if (shares_with(other)) return std::strong_ordering::equal;
  if (const Atom* atom = as_atom()) return *atom <=> *other.as_atom();
  if (const Elements* elements = as_tuple()) {
    const Elements& others = *other.as_tuple();
    if (elements->size() != others.size()) return elements->size() <=> others.size();
    return compare_elements(*elements, others);
  }
  if (const Pairs* pairs = as_map()) return compare_maps(*pairs, *other.as_map());
  if (is_list()) return compare_lists(*this, other);
  if (const auto* opaque = as_opaque()) return opaque->second <=> other.as_opaque()->second;
  if (const Bits* bits = as_bits()) {
    const Bits& others = *other.as_bits();
    const std::strong_ordering order = bits->bytes <=> others.bytes;
    return order != 0 ? order : bits->last_bits <=> others.last_bits;
  }
  return compare_numbers(*this, other);
}

// True when both are one shared part, or one immediate value.
bool Term::shares_with(const Term& other) const {
  return value_.index() == other.value_.index() &&
         std::visit(
             [&other](const auto& mine) {
               using Held = std::decay_t<decltype(mine)>;
               if constexpr (std::is_same_v<Held, double>) {
                 return false;
               } else {
                 return mine == std::get<Held>(other.value_);
               }
             },
             value_);
}

bool Term::operator==(const Term& other) const {
  return (*this <=> other) == 0;
}

Term atom_list(const std::vector<Atom>& atoms) {
  Term::Elements elements;
  elements.reserve(atoms.size());
  for (const Atom& atom : atoms)
    elements.emplace_back(atom);
  return Term::list(std::move(elements));
}

}  // namespace relup
