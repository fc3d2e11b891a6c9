// SPDX-License-Identifier: Apache-2.0
#include "appup/appup_text.hpp"

#include "appup/generation_record.hpp"
#include "base/digest.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

constexpr std::string_view mark = "%% relup:generated ";
constexpr std::size_t mark_digits = 16;  // enough of a digest to notice an edit

std::string entries_text(const std::vector<VersionScript>& scripts) {
  std::string text = "[";
  for (const VersionScript& script : scripts)
    text += (text.size() > 1 ? ",\n  " : "") + entry_text(script);
  return text + "]";
}

// The digest covers the whole text but for the line that holds it.
std::string digest_of(std::string_view before_mark, std::string_view behind_mark) {
  return sha256_hex(std::string(before_mark) + std::string(behind_mark)).substr(0, mark_digits);
}

// Where the mark stands, with its digest; empty when there is none.
Span mark_span(std::string_view text) {
  const std::size_t begin = text.find(mark);
  const std::size_t end = begin == std::string_view::npos ? begin : text.find('\n', begin);
  if (end == std::string_view::npos) return {};
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

}  // namespace

std::string heading(const std::string& application, const std::string& version) {
  return "%% How " + application + " becomes version " + version + " and goes back.";
}

std::string entry_text(const VersionScript& script) {
  std::string text = "{" + print(Term::string(script.version)) + ", [";
  for (std::size_t i = 0; i < script.instructions.size(); ++i) {
    text +=
        std::string(i > 0 ? "," : "") + "\n    " + one_line_text(to_term(script.instructions[i]));
  }
  return text + "]}";
}

std::string one_line_text(const Term& term) {
  const Term::Elements* elements = term.as_tuple();
  const bool is_tuple = elements != nullptr;
  if (!is_tuple) elements = term.as_list();
  if (elements == nullptr || term.tail() != nullptr ||
      (!is_tuple && print(term).starts_with('"'))) {
    return print(term);
  }
  std::string text(1, is_tuple ? '{' : '[');
  for (std::size_t i = 0; i < elements->size(); ++i) {
    text += (i > 0 ? ", " : "") + one_line_text((*elements)[i]);
  }
  return text + (is_tuple ? '}' : ']');
}

std::string generated_text(const std::string& application, const AppupDocument& document) {
  const std::string head = "%% coding: utf-8\n" + heading(application, document.version) +
                           " Edit it freely: relup keeps your edits.\n";
  const std::string body =
      "{" + print(Term::string(document.version)) + ",\n %% upgrade from\n " +
      entries_text(document.up) + ",\n %% downgrade to\n " + entries_text(document.down) +
      "}.\n\n%% What was generated, to tell your edits from it: leave these lines as they are.\n" +
      to_text(record_of(document));
  return head + std::string(mark) + digest_of(head, body) + "\n" + body;
}

Authorship authorship(std::string_view text) {
  const Span span = mark_span(text);
  if (span == Span{}) return Authorship::edited;
  const std::string_view digest = text.substr(0, span.end).substr(span.begin + mark.size());
  const bool untouched = digest == digest_of(text.substr(0, span.begin), text.substr(span.end + 1));
  return untouched ? Authorship::generated : Authorship::edited;
}

std::string replace_mark(const std::string& text, std::string_view generated) {
  const Span old = mark_span(text);
  const Span fresh = mark_span(generated);
  if (old == Span{}) return text;
  return text.substr(0, old.begin) +
         std::string(generated.substr(fresh.begin, fresh.end - fresh.begin)) + text.substr(old.end);
}

}  // namespace relup::appup
