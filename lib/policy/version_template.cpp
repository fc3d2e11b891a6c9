// SPDX-License-Identifier: Apache-2.0
#include "policy/version_template.hpp"

#include "base/error.hpp"
#include "term/utf8.hpp"

namespace relup::policy {
namespace {

constexpr std::size_t longest_atom = 255;  // characters

struct Versions {
  const std::string& from;
  const std::string& to;
};

// One pass, so that a version that holds `${to}` itself is not looked at again.
std::string filled(std::string_view text, const Versions& versions) {
  constexpr std::string_view from_mark = "${from}";
  constexpr std::string_view to_mark = "${to}";
  std::string result;
  while (!text.empty()) {
    if (text.starts_with(from_mark)) {
      result += versions.from;
      text.remove_prefix(from_mark.size());
    } else if (text.starts_with(to_mark)) {
      result += versions.to;
      text.remove_prefix(to_mark.size());
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

Term filled_atom(Atom atom, const Versions& versions) {
  const std::string name = filled(atom.name(), versions);
  if (name != atom.name() && count_code_points(name) > longest_atom) {
    throw Error(ErrorCode::bad_input, "`" + atom.name() + "` becomes an atom of more than " +
                                          std::to_string(longest_atom) + " characters");
  }
  return Term::atom(name);
}

Term filled_term(const Term& term, const Versions& versions) {
  if (const Atom* atom = term.as_atom()) return filled_atom(*atom, versions).at(term.span());
  if (const Term::Bits* bits = term.as_bits()) {
    if (bits->last_bits != 8) return term;
    return Term::binary(filled(bits->bytes, versions)).at(term.span());
  }
  if (const auto text = term.text()) return Term::string(filled(*text, versions)).at(term.span());
  return with_parts(term, [&](const Term& part) { return filled_term(part, versions); });
}

}  // namespace

Term with_versions(const Term& term, const std::string& from, const std::string& to) {
  return filled_term(term, {from, to});
}

Term with_parts(const Term& term, const std::function<Term(const Term&)>& change) {
  const auto each = [&](const Term::Elements& parts) {
    Term::Elements changed;
    for (const Term& part : parts)
      changed.push_back(change(part));
    return changed;
  };
  if (const Term::Elements* parts = term.as_tuple())
    return Term::tuple(each(*parts)).at(term.span());
  if (const Term::Pairs* pairs = term.as_map()) {
    Term::Pairs changed;
    for (const auto& [key, value] : *pairs)
      changed.emplace_back(change(key), change(value));
    return Term::map(std::move(changed)).at(term.span());
  }
  if (term.is_nil() || !term.is_list()) return term;
  const Term* tail = term.tail();
  return Term::list(each(*term.as_list()), tail == nullptr ? Term() : change(*tail))
      .at(term.span());
}

}  // namespace relup::policy
