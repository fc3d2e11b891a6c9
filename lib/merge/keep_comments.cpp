// SPDX-License-Identifier: Apache-2.0
#include "merge/keep_comments.hpp"

#include <algorithm>

#include "term/parser.hpp"

namespace relup::merge {
namespace {

constexpr std::string_view mark = "relup:keep ";

std::optional<Term> read_keep_comment(std::string_view comment) {
  comment.remove_prefix(std::min(comment.find_first_not_of("% \t"), comment.size()));
  if (!comment.starts_with(mark)) return std::nullopt;
  const SourceText text("relup:keep", std::string(comment.substr(mark.size())) + " .");
  const auto parsed = parse_first_term(text);
  const auto* named = std::get_if<ParsedTerm>(&parsed);
  return named == nullptr ? std::nullopt : std::optional(named->term);
}

}  // namespace

std::vector<Term> read_keep_comments(const SourceText& source, const std::vector<Span>& comments,
                                     Span span) {
  const std::size_t line_end = std::min(source.text().find('\n', span.end), source.text().size());
  std::vector<Term> named;
  for (const Span comment : comments) {
    if (comment.begin < span.begin || comment.end > line_end) continue;
    if (const auto term = read_keep_comment(source.text(comment))) named.push_back(*term);
  }
  return named;
}

std::set<Atom> kept_modules(const std::vector<Term>& named) {
  std::set<Atom> modules;
  for (const Term& term : named) {
    if (term.as_atom() != nullptr) modules.insert(*term.as_atom());
  }
  return modules;
}

std::set<std::string> kept_versions(const std::vector<Term>& named) {
  std::set<std::string> versions;
  for (const Term& term : named) {
    if (const auto version = term.text()) versions.insert(*version);
  }
  return versions;
}

}  // namespace relup::merge
