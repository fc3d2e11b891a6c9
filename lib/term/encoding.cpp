// SPDX-License-Identifier: Apache-2.0
//
// The encoding of a source file, as `epp:set_encoding/1` finds it: in the first two lines, after a
// percent sign anywhere, the word `coding`, a colon or an equals sign, and a name. Only the first
// such name counts; parts of it after `latin-1` or `utf-8` do not. OTP looks at 512 bytes, which
// it reads 32 at a time.

#include <algorithm>
#include <cctype>
#include <optional>

#include "term/lexer.hpp"
#include "term/parser.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr std::size_t most_bytes = 512;
// A name that the text ends in needs another look after it, and that look is not the last one only
// here.
constexpr std::size_t most_bytes_of_all = 480;

constexpr std::string_view name_characters =
    "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string_view skip_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return lower;
}

bool is_or_continues(std::string_view name, std::string_view start) {
  return name.starts_with(start) && (name.size() == start.size() || name[start.size()] == '-');
}

// What follows the separator after the first `coding` of a comment that has one.
std::optional<std::string_view> behind_coding(std::string_view comment) {
  constexpr std::string_view word = "coding";
  for (std::size_t at = comment.find(word); at != std::string_view::npos;
       at = comment.find(word, at + 1)) {
    const std::string_view rest = skip_spaces(comment.substr(at + word.size()));
    if (rest.starts_with(':') || rest.starts_with('=')) return skip_spaces(rest.substr(1));
  }
  return std::nullopt;
}

bool says_latin1(std::string_view text) {
  const std::string_view looked_at = text.substr(0, most_bytes);
  std::size_t begin = 0;
  for (int line = 0; line < 2 && begin < looked_at.size(); ++line) {
    const std::size_t end = std::min(looked_at.find('\n', begin), looked_at.size());
    const std::size_t comment = std::min(looked_at.find('%', begin), end);
    const auto rest = behind_coding(looked_at.substr(comment, end - comment));
    if (rest) {
      const std::size_t length = std::min(rest->find_first_not_of(name_characters), rest->size());
      const bool ends_text = end == looked_at.size() && length == rest->size();
      if (ends_text && text.size() > most_bytes_of_all) return false;
      return is_or_continues(lower_case(rest->substr(0, length)), "latin-1");
    }
    begin = end + 1;
  }
  return false;
}

// Whether `text` holds a first form and something after its full stop.
bool has_first_form(const std::string& text, Dialect dialect) {
  const SourceText source("", text);
  Lexer lexer(source, dialect);
  try {
    for (;;) {
      const Token token = lexer.next();
      if (token.kind == TokenKind::end) return false;
      if (token.kind == TokenKind::full_stop) return token.span.end < text.size();
    }
  } catch (const SyntaxError&) {
    return false;
  }
}

}  // namespace

std::variant<Source, SyntaxError> decode_source(std::string name, std::string bytes) {
  if (says_latin1(bytes)) return make_source(std::move(name), latin1_to_utf8(bytes));
  const std::size_t valid = valid_utf8_prefix(bytes);
  if (valid == bytes.size()) return make_source(std::move(name), std::move(bytes));
  SyntaxError error;
  error.span = {static_cast<std::uint32_t>(valid), static_cast<std::uint32_t>(valid + 1)};
  error.kind = SyntaxErrorKind::encoding;
  error.message = "byte " + std::to_string(valid) + " is not valid UTF-8";
  error.expected = "UTF-8, or a first line that says `%% coding: latin-1`";
  return error;
}

std::variant<Source, SyntaxError> decode_first_form(std::string name, std::string bytes,
                                                    Dialect dialect) {
  const std::size_t valid = says_latin1(bytes) ? bytes.size() : valid_utf8_prefix(bytes);
  if (valid < bytes.size() && has_first_form(bytes.substr(0, valid), dialect)) bytes.resize(valid);
  return decode_source(std::move(name), std::move(bytes));
}

}  // namespace relup
