// SPDX-License-Identifier: Apache-2.0
#pragma once

// Erlang tokens, one at a time, as `erl_scan` cuts them (Erlang Reference Manual, "Character Set",
// "Data Types"). Comments are collected on the side. What is no token is a SyntaxError of kind
// `scan`; the lexer stops there.

#include <optional>
#include <string>
#include <vector>

#include "base/source.hpp"
#include "term/term.hpp"

namespace relup {

enum class SyntaxErrorKind {
  encoding,  // bytes that are not valid in the file's encoding
  scan,      // not a token: an unterminated string, an illegal character
  parse,     // tokens that make no term
  empty,     // no term where one is needed
};

struct SyntaxError {
  SyntaxErrorKind kind = SyntaxErrorKind::parse;
  Span span;
  std::string message;   // what was found
  std::string expected;  // what would be right; may be empty
  // What erl_parse says of it and on which line: {Line,erl_parse,What}. Meaningful for `parse`;
  // [] where erl_parse has no such error.
  std::uint32_t otp_line = 1;
  Term otp_what;
};

enum class TokenKind {
  atom,
  keyword,
  variable,
  integer,
  floating,
  character,
  string,
  sigil,  // a literal string or binary; never part of its neighbours, as strings are
  punctuation,
  full_stop,
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  Span span;
  Term value;        // of atom, integer, floating, character, sigil; of string its code points
  std::string text;  // of keyword, variable and punctuation
  bool is(std::string_view punctuation_or_keyword) const {
    return (kind == TokenKind::punctuation || kind == TokenKind::keyword) &&
           text == punctuation_or_keyword;
  }
};

// Which literals are legal: OTP 27 brought sigils and triple-quoted strings.
enum class Dialect { otp25, otp27 };

class Lexer {
 public:
  Lexer(const SourceText& source, Dialect dialect, std::uint32_t begin = 0);

  Token next();  // throws SyntaxError (kind scan)

  const std::vector<Span>& comments() const { return comments_; }
  std::uint32_t offset() const { return at_; }

 private:
  // The character `ahead` of the next one, 0 past the end.
  char32_t peek(std::size_t ahead = 0) const {
    const bool is_plain = ahead == 0 && !at_end() && static_cast<unsigned char>(text_[at_]) < 0x80;
    return is_plain ? static_cast<unsigned char>(text_[at_]) : peek_beyond(ahead);
  }
  char32_t peek_beyond(std::size_t ahead) const;
  bool at_end() const { return at_ >= text_.size(); }
  char32_t take();
  void skip_blanks_and_comments();
  bool is_full_stop() const;

  Token name();
  Token number();
  Token fraction(std::uint32_t begin, const std::string& whole);
  Token based(std::uint32_t begin, int base);
  Token character();
  Token quoted(char32_t quote);
  Token triple_quoted();
  std::string joined(std::uint32_t begin, const std::vector<std::string_view>& lines,
                     std::string_view margin) const;
  std::string unescaped(std::uint32_t begin, std::string escaped) const;
  Token sigil();
  Token punctuation();
  char32_t literal_character();
  char32_t escape(std::uint32_t begin);
  char32_t hexadecimal_escape(std::uint32_t begin);
  std::string digits(int base);

  Token finish(TokenKind kind, std::uint32_t begin, Term value) const;
  [[noreturn]] void fail(std::uint32_t begin, std::string message, std::string expected) const;

  std::string_view text_;
  Dialect dialect_;
  std::uint32_t at_;
  std::vector<Span> comments_;
};

bool is_reserved_word(std::string_view name);

}  // namespace relup
