// SPDX-License-Identifier: Apache-2.0
#include "term/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "term/big_integer.hpp"
#include "term/character_class.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

constexpr std::size_t longest_atom = 255;           // characters, an OTP system limit
constexpr std::size_t longest_integer = 1U << 16U;  // digits; keeps hostile input cheap

// What may stand in a literal: a code point, but not one of the two that are no characters.
bool is_character(char32_t code_point) {
  return is_code_point(code_point) && code_point != 0xFFFE && code_point != 0xFFFF;
}

int digit_value(char32_t character) {
  if (is_digit(character)) return static_cast<int>(character - '0');
  if (character >= 'a' && character <= 'z') return static_cast<int>(character - 'a') + 10;
  if (character >= 'A' && character <= 'Z') return static_cast<int>(character - 'A') + 10;
  return 99;
}

Term integer_term(const std::string& digits, int base) {
  std::int64_t small = 0;
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, small, base);
  if (result.ec == std::errc() && result.ptr == end) return Term(small);
  return Term(BigInteger::from_digits(digits, base));
}

Term code_point_list(const std::u32string& characters) {
  Term::Elements elements;
  elements.reserve(characters.size());
  for (const char32_t character : characters) {
    elements.emplace_back(static_cast<std::int64_t>(character));
  }
  return Term::list(std::move(elements));
}

}  // namespace

bool is_reserved_word(std::string_view name) {
  static constexpr auto sorted_words = std::to_array<std::string_view>(
      {"after", "and",  "andalso", "band",   "begin",   "bnot", "bor", "bsl",  "bsr",
       "bxor",  "case", "catch",   "cond",   "div",     "end",  "fun", "if",   "let",
       "not",   "of",   "or",      "orelse", "receive", "rem",  "try", "when", "xor"});
  constexpr std::size_t longest_word = 7;
  return name.size() <= longest_word &&
         std::binary_search(sorted_words.begin(), sorted_words.end(), name);
}

Lexer::Lexer(const SourceText& source, Dialect dialect, std::uint32_t begin)
    : text_(source.text()), dialect_(dialect), at_(begin) {}

char32_t Lexer::peek_beyond(std::size_t ahead) const {
  std::string_view rest = text_.substr(std::min<std::size_t>(at_, text_.size()));
  for (; ahead > 0 && !rest.empty(); --ahead)
    take_code_point(rest);
  return rest.empty() ? 0 : take_code_point(rest);
}

char32_t Lexer::take() {
  const char32_t next = peek();
  if (next < 0x80) {
    ++at_;
    return next;
  }
  std::string_view rest = text_.substr(at_);
  const std::size_t before = rest.size();
  const char32_t character = take_code_point(rest);
  at_ += static_cast<std::uint32_t>(before - rest.size());
  return character;
}

void Lexer::skip_blanks_and_comments() {
  while (!at_end()) {
    if (peek() == '%') {
      const std::uint32_t begin = at_;
      const std::size_t newline = text_.find('\n', at_);
      at_ = static_cast<std::uint32_t>(std::min(newline, text_.size()));
      comments_.push_back({begin, at_});
    } else if (is_blank(peek())) {
      take();
    } else {
      return;
    }
  }
}

// A dot ends a form when white space, a comment or the end of the text follows it.
bool Lexer::is_full_stop() const {
  const char32_t after = peek(1);
  return peek() == '.' && (after == 0 || after == '%' || is_blank(after));
}

Token Lexer::finish(TokenKind kind, std::uint32_t begin, Term value) const {
  const Span span{begin, at_};
  return {kind, span, std::move(value).at(span), {}};
}

void Lexer::fail(std::uint32_t begin, std::string message, std::string expected) const {
  SyntaxError error;
  error.kind = SyntaxErrorKind::scan;
  error.span = {begin, std::max(at_, begin + 1)};
  error.message = std::move(message);
  error.expected = std::move(expected);
  throw error;
}

Token Lexer::next() {
  skip_blanks_and_comments();
  if (at_end()) return finish(TokenKind::end, at_, Term());
  const char32_t first = peek();
  if (is_full_stop()) {
    take();
    return finish(TokenKind::full_stop, at_ - 1, Term());
  }
  if (is_name_start(first) || is_variable_start(first)) return name();
  if (is_digit(first)) return number();
  if (first == '$') return character();
  const bool modern = dialect_ == Dialect::otp27;
  if (modern && first == '"' && peek(1) == '"' && peek(2) == '"') return triple_quoted();
  if (modern && first == '~') return sigil();
  if (first == '"' || first == '\'') return quoted(first);
  return punctuation();
}

Token Lexer::name() {
  const std::uint32_t begin = at_;
  const bool variable = is_variable_start(peek());
  while (!at_end() && is_name_part(peek()))
    take();
  const std::string_view text = text_.substr(begin, at_ - begin);
  if (!variable && !is_reserved_word(text)) {
    if (text.size() > longest_atom && count_code_points(text) > longest_atom) {
      fail(begin, "an atom of more than 255 characters", "a shorter atom");
    }
    return finish(TokenKind::atom, begin, Term::atom(text));
  }
  Token token = finish(variable ? TokenKind::variable : TokenKind::keyword, begin, Term());
  token.text = text;
  return token;
}

// Digits of `base`, single underscores between them dropped.
std::string Lexer::digits(int base) {
  std::string digits;
  const std::uint32_t begin = at_;
  for (;;) {
    const bool separator = peek() == '_' && !digits.empty() && digit_value(peek(1)) < base;
    if (separator) take();
    if (at_end() || digit_value(peek()) >= base) break;
    digits += static_cast<char>(take());
    if (digits.size() > longest_integer) {
      fail(begin, "an integer of more than 65536 digits", "a smaller integer");
    }
  }
  return digits;
}

Token Lexer::number() {
  const std::uint32_t begin = at_;
  const std::string whole = digits(10);
  if (peek() == '.' && is_digit(peek(1))) return fraction(begin, whole);
  if (peek() == '#') {
    int base = 0;
    const bool parsed =
        std::from_chars(whole.data(), whole.data() + whole.size(), base).ec == std::errc();
    if (!parsed || base < 2 || base > 36) {
      fail(begin, "a base of " + whole, "a base from 2 to 36, as in 16#ff");
    }
    if (digit_value(peek(1)) < base) return based(begin, base);
    take();
    fail(begin, "no digits after the base", "digits of that base, as in 16#ff");
  }
  return finish(TokenKind::integer, begin, integer_term(whole, 10));
}

Token Lexer::based(std::uint32_t begin, int base) {
  take();
  return finish(TokenKind::integer, begin, integer_term(digits(base), base));
}

Token Lexer::fraction(std::uint32_t begin, const std::string& whole) {
  std::string number = whole;
  number += static_cast<char>(take());
  number += digits(10);
  if (peek() == 'e' || peek() == 'E') {
    const bool sign = peek(1) == '+' || peek(1) == '-';
    if (!is_digit(peek(sign ? 2 : 1))) {
      fail(begin, "an exponent without digits", "digits, as in 1.0e-3");
    }
    number += static_cast<char>(take());
    if (sign) number += static_cast<char>(take());
    number += digits(10);
  }
  double value = 0;
  const char* end = number.data() + number.size();
  const auto result = std::from_chars(number.data(), end, value);
  // from_chars reports both overflow and underflow as out of range; Erlang rejects the first only.
  if (result.ec == std::errc::result_out_of_range) value = std::strtod(number.c_str(), nullptr);
  if (!std::isfinite(value)) fail(begin, "a float out of range", "a float below 1.8e308");
  return finish(TokenKind::floating, begin, Term(value));
}

Token Lexer::character() {
  const std::uint32_t begin = at_;
  take();
  if (at_end()) fail(begin, "`$` without a character", "a character, as in $a or $\\n");
  const char32_t value = literal_character();
  return finish(TokenKind::character, begin, Term(static_cast<std::int64_t>(value)));
}

Token Lexer::quoted(char32_t quote) {
  const std::uint32_t begin = at_;
  const bool atom = quote == '\'';
  take();
  std::u32string characters;
  while (peek() != quote || at_end()) {
    if (at_end()) {
      at_ = begin + 1;
      fail(begin, atom ? "a quoted atom that does not end" : "a string that does not end",
           atom ? "a closing '" : "a closing \"");
    }
    characters += literal_character();
  }
  take();
  if (!atom) return finish(TokenKind::string, begin, code_point_list(characters));
  if (characters.size() > longest_atom) {
    fail(begin, "an atom of more than 255 characters", "a shorter atom");
  }
  std::string name;
  for (const char32_t character : characters)
    append_utf8(name, character);
  return finish(TokenKind::atom, begin, Term::atom(name));
}

// One character of a literal, escaped or not.
char32_t Lexer::literal_character() {
  const std::uint32_t begin = at_;
  if (peek() == '\\') return escape(begin);
  const char32_t character = take();
  if (!is_character(character)) fail(begin, "an illegal character", "its code, as in [16#fffe]");
  return character;
}

char32_t Lexer::escape(std::uint32_t begin) {
  take();
  if (at_end()) fail(begin, "an escape that does not end", "a character after the backslash");
  const char32_t code = take();
  switch (code) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'e':
      return 27;
    case 's':
      return ' ';
    case 'd':
      return 127;
    case 'x':
      return hexadecimal_escape(begin);
    case '^':
      if (at_end()) fail(begin, "an escape that does not end", "a letter, as in \\^C");
      // Before OTP 26 this was a control character like all others.
      if (dialect_ == Dialect::otp27 && peek() == '?') {
        take();
        return 127;
      }
      return take() & 31U;
    default:
      break;
  }
  if (code < '0' || code > '7') return code;
  char32_t value = code - '0';
  for (int more = 0; more < 2 && peek() >= '0' && peek() <= '7'; ++more) {
    value = value * 8 + (take() - '0');
  }
  return value;
}

char32_t Lexer::hexadecimal_escape(std::uint32_t begin) {
  const bool braces = peek() == '{';
  if (braces) take();
  char32_t value = 0;
  int count = 0;
  constexpr char32_t too_large = 0x110000;
  while (!at_end() && digit_value(peek()) < 16 && (braces || count < 2)) {
    value = std::min<char32_t>(value * 16 + static_cast<unsigned>(digit_value(take())), too_large);
    ++count;
  }
  const bool closed = !braces || peek() == '}';
  if (count == 0 || (!braces && count < 2) || !closed || !is_character(value)) {
    fail(begin, "a bad hexadecimal escape", "two digits, as in \\x7f, or braces, as in \\x{3b2}");
  }
  if (braces) take();
  return value;
}

Token Lexer::punctuation() {
  static constexpr auto longest_first = std::to_array<std::string_view>(
      {"...", "=:=", "=/=", "<<", ">>", "=>", ":=", "->", "<-", "<=", "==", "/=",
       "=<",  ">=",  "++",  "--", "||", "::", "..", "?=", ":",  "|",  "/",  "*",
       "+",   "-",   "=",   "<",  ">",  "!",  "?",  "#",  ".",  "&"});
  // Nothing longer begins with one of these, and they are most of a text.
  static constexpr std::string_view alone = ",{}[]();";
  const std::uint32_t begin = at_;
  const std::string_view rest = text_.substr(at_);
  const auto mark_of = [&](std::size_t size) {
    at_ += static_cast<std::uint32_t>(size);
    Token token = finish(TokenKind::punctuation, begin, Term());
    token.text = rest.substr(0, size);
    return token;
  };
  if (alone.find(rest.front()) != std::string_view::npos) return mark_of(1);
  for (const std::string_view mark : longest_first) {
    if (mark.front() == rest.front() && rest.starts_with(mark)) return mark_of(mark.size());
  }
  // Any other character of ASCII and Latin-1 is a token too, if one of no use.
  const char32_t character = take();
  const bool sigil = dialect_ == Dialect::otp27 && character == '~';
  if (character > 0xFF || sigil) {
    fail(begin, "an illegal character", "an Erlang term; names in other scripts need '...'");
  }
  Token token = finish(TokenKind::punctuation, begin, Term());
  token.text = text_.substr(begin, at_ - begin);
  return token;
}

}  // namespace relup
