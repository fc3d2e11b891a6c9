// SPDX-License-Identifier: Apache-2.0
#include "live/keyed_values.hpp"

#include "term/printer.hpp"

namespace relup::live {

std::vector<std::pair<Atom, Term>> keyed_values(const Term& list) {
  std::vector<std::pair<Atom, Term>> pairs;
  const Term::Elements none;
  for (const Term& entry : list.as_list() != nullptr ? *list.as_list() : none) {
    const Term::Elements* parts = entry.as_tuple();
    if (parts == nullptr || parts->size() != 2 || parts->front().as_atom() == nullptr) continue;
    pairs.emplace_back(*parts->front().as_atom(), parts->back());
  }
  return pairs;
}

std::string text_of(const Term& term) {
  if (const Term::Bits* bits = term.as_bits()) return bits->bytes;
  return term.text().value_or(print(term));
}

std::int64_t number_of(const Term& term) {
  const std::int64_t* number = term.as_small_integer();
  return number == nullptr ? 0 : *number;
}

}  // namespace relup::live
