// SPDX-License-Identifier: Apache-2.0
#include "appup/appup_text.hpp"

#include "base/digest.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

constexpr std::string_view mark = "%% relup:generated ";
constexpr std::size_t mark_digits = 16;  // enough of a digest to notice an edit

// A term on one line with a space behind every comma.
std::string spaced(const Term& term) {
  const Term::Elements* elements = term.as_tuple();
  const bool is_tuple = elements != nullptr;
  if (!is_tuple) elements = term.as_list();
  if (elements == nullptr || term.tail() != nullptr ||
      (!is_tuple && print(term).starts_with('"'))) {
    return print(term);
  }
  std::string text(1, is_tuple ? '{' : '[');
  for (std::size_t i = 0; i < elements->size(); ++i) {
    text += (i > 0 ? ", " : "") + spaced((*elements)[i]);
  }
  return text + (is_tuple ? '}' : ']');
}

std::string entries_text(const std::vector<VersionScript>& entries) {
  std::string text = "[";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text +=
        std::string(i > 0 ? ",\n  " : "") + "{" + print(Term::string(entries[i].version)) + ", [";
    const std::vector<Action>& instructions = entries[i].instructions;
    for (std::size_t k = 0; k < instructions.size(); ++k) {
      text += (k > 0 ? ",\n    " : "\n    ") + spaced(to_term(instructions[k]));
    }
    text += "]}";
  }
  return text + "]";
}

// The digest covers the whole text but for the line that holds it.
std::string digest_of(std::string_view before_mark, std::string_view behind_mark) {
  return sha256_hex(std::string(before_mark) + std::string(behind_mark)).substr(0, mark_digits);
}

}  // namespace

std::string generated_text(const std::string& application, const AppupDocument& document) {
  const std::string head = "%% coding: utf-8\n%% How " + application + " becomes version " +
                           document.version +
                           " and goes back. Edit it freely: relup keeps your edits.\n";
  const std::string body = "{" + print(Term::string(document.version)) + ",\n %% upgrade from\n " +
                           entries_text(document.up) + ",\n %% downgrade to\n " +
                           entries_text(document.down) + "}.\n";
  return head + std::string(mark) + digest_of(head, body) + "\n" + body;
}

Authorship authorship(std::string_view text) {
  const std::size_t begin = text.find(mark);
  const std::size_t end = begin == std::string_view::npos ? begin : text.find('\n', begin);
  if (end == std::string_view::npos) return Authorship::edited;
  const std::string_view digest = text.substr(begin + mark.size(), end - begin - mark.size());
  const bool untouched = digest == digest_of(text.substr(0, begin), text.substr(end + 1));
  return untouched ? Authorship::generated : Authorship::edited;
}

}  // namespace relup::appup
