// SPDX-License-Identifier: Apache-2.0
#include "explain/brief_term.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "term/printer.hpp"

namespace relup::explain {
namespace {

constexpr std::size_t longest_binary = 64;  // bytes

bool is_long(const Term& term) {
  return term.as_bits() != nullptr && term.as_bits()->bytes.size() > longest_binary;
}

bool holds_long(const Term& term) {
  if (const Term::Pairs* pairs = term.as_map()) {
    return std::any_of(pairs->begin(), pairs->end(), [](const auto& pair) {
      return holds_long(pair.first) || holds_long(pair.second);
    });
  }
  if (term.tail() != nullptr && holds_long(*term.tail())) return true;
  const Term::Elements* parts = term.as_tuple() != nullptr ? term.as_tuple() : term.as_list();
  return is_long(term) ||
         (parts != nullptr && std::any_of(parts->begin(), parts->end(), holds_long));
}

std::string listed(const Term::Elements& elements) {
  std::vector<std::string> texts;
  for (const Term& element : elements)
    texts.push_back(print_briefly(element));
  return joined(texts, ",");
}

// "20480" as "20,480"
std::string grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3; end -= 3)
    digits.insert(end - 3, ",");
  return digits;
}

}  // namespace

std::string print_briefly(const Term& term) {
  if (!holds_long(term)) return print(term);
  if (is_long(term)) return "<<... " + grouped(term.as_bits()->bytes.size()) + " bytes>>";
  if (const Term::Elements* elements = term.as_tuple()) return "{" + listed(*elements) + "}";
  if (const Term::Elements* elements = term.as_list()) {
    const Term* tail = term.tail();
    return "[" + listed(*elements) + (tail == nullptr ? "" : "|" + print_briefly(*tail)) + "]";
  }
  std::vector<std::string> pairs;
  for (const auto& [key, value] : *term.as_map())
    pairs.push_back(print_briefly(key) + " => " + print_briefly(value));
  return "#{" + joined(pairs, ",") + "}";
}

}  // namespace relup::explain
