// SPDX-License-Identifier: Apache-2.0
//
// The string literals that OTP 27 brought (Reference Manual, "Triple-Quoted Strings", "Sigils").
//
// A triple-quoted string begins with three or more quotes and the end of that line, and ends with
// as many quotes that stand first on a line. What stands before the closing quotes is the
// indentation: every line that is not empty must begin with it and loses it. Nothing is escaped
// inside. A sigil is `~`, a type (none, b, B, s, S), and a delimited text; b and none make a UTF-8
// binary, s a list. Capitals take the text verbatim and the small letters take escapes, whatever
// the delimiter is; without a type it is the delimiter that decides.

#include <algorithm>
#include <optional>

#include "term/character_class.hpp"
#include "term/lexer.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

std::optional<char32_t> closing_delimiter(char32_t opening) {
  static constexpr std::u32string_view pairs = U"(){}[]<>//||''\"\"``##";
  const std::size_t at = pairs.find(opening);
  if (at == std::u32string_view::npos || (at % 2 == 1 && pairs[at] != pairs[at - 1])) {
    return std::nullopt;
  }
  return pairs[at % 2 == 0 ? at + 1 : at];
}

std::size_t leading_quotes(std::string_view text) {
  const std::size_t end = text.find_first_not_of('"');
  return end == std::string_view::npos ? text.size() : end;
}

bool is_blank_line(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

std::string_view without_carriage_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Token Lexer::triple_quoted() {
  const std::uint32_t begin = at_;
  const std::size_t quotes = leading_quotes(text_.substr(at_));
  std::vector<std::string_view> lines;  // the first one is what follows the opening quotes
  for (std::size_t line_begin = at_ + quotes; line_begin <= text_.size();) {
    const std::size_t line_end = std::min(text_.find('\n', line_begin), text_.size());
    const std::string_view line = text_.substr(line_begin, line_end - line_begin);
    const std::size_t indentation = std::min(line.find_first_not_of(" \t"), line.size());
    if (!lines.empty() && leading_quotes(line.substr(indentation)) >= quotes) {
      at_ = static_cast<std::uint32_t>(line_begin + indentation + quotes);
      return finish(TokenKind::string, begin,
                    Term::string(joined(begin, lines, line.substr(0, indentation))));
    }
    lines.push_back(line);
    line_begin = line_end + 1;
  }
  fail(begin, "a triple-quoted string that does not end",
       "a line that begins with " + std::string(quotes, '"'));
}

std::string Lexer::joined(std::uint32_t begin, const std::vector<std::string_view>& lines,
                          std::string_view margin) const {
  if (!is_blank_line(lines.front())) {
    fail(begin, "text on the line that opens a triple-quoted string", "a line break there");
  }
  std::string content;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.starts_with(margin)) {
      line.remove_prefix(margin.size());
    } else if (!without_carriage_return(line).empty()) {
      fail(begin, "a line indented less than the closing quotes", "the same indentation");
    }
    if (i > 1) content += '\n';
    content += i + 1 == lines.size() ? without_carriage_return(line) : line;
  }
  return content;
}

std::string Lexer::unescaped(std::uint32_t begin, std::string escaped) const {
  const SourceText source(std::string(), std::move(escaped));
  Lexer characters(source, dialect_);
  std::string text;
  try {
    while (!characters.at_end())
      append_utf8(text, characters.literal_character());
  } catch (const SyntaxError& error) {
    fail(begin, error.message, error.expected);
  }
  return text;
}

Token Lexer::sigil() {
  const std::uint32_t begin = at_;
  take();
  const bool plain = !is_name_part(peek());
  const char32_t type = plain ? U'b' : take();
  const bool verbatim = type == 'B' || type == 'S';
  const bool escapes = !plain && !verbatim;  // inside triple quotes
  const std::optional<char32_t> closing = closing_delimiter(peek());
  if ((type != 'b' && type != 's' && !verbatim) || !closing) {
    fail(begin, "an unknown sigil", "~\"...\", ~b, ~B, ~s or ~S with a delimiter");
  }
  Term value;
  if (peek() == '"' && peek(1) == '"' && peek(2) == '"') {
    value = triple_quoted().value;
    if (escapes) value = Term::string(unescaped(begin, *value.text()));
  } else {
    take();
    std::string content;
    while (at_end() || peek() != *closing) {
      if (at_end()) fail(begin, "a sigil that does not end", "its closing delimiter");
      append_utf8(content, verbatim ? take() : literal_character());
    }
    take();
    value = Term::string(content);
  }
  if (type == 's' || type == 'S') return finish(TokenKind::sigil, begin, value);
  return finish(TokenKind::sigil, begin, Term::binary(*value.text()));
}

}  // namespace relup
