// SPDX-License-Identifier: Apache-2.0
#include "differential/damage.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "differential/expressions.hpp"
#include "differential/literals.hpp"

namespace relup::differential {
namespace {

using Texts = std::vector<std::string>;

const Texts& marks() {
  static const Texts all{
      "{",  "}",   "[",   "]",   "(",  ")",  "<<", ">>", ",",  ";",  ".",  ". ", ":",
      "::", "|",   "||",  "->",  "<-", "<=", "=>", ":=", "==", "/=", "=<", "<",  ">=",
      ">",  "=:=", "=/=", "=",   "!",  "?",  "?=", "#",  "#{", "+",  "-",  "*",  "/",
      "++", "--",  "..",  "...", "&",  "@",  "^",  "`",  "~",  "$",  "%",  "_"};
  return all;
}

const Texts& words() {
  static const Texts all{"abc", "after", "and",  "andalso", "band",  "begin", "bnot",   "bor",
                         "bsl", "bsr",   "bxor", "case",    "catch", "cond",  "div",    "end",
                         "fun", "if",    "let",  "not",     "of",    "or",    "orelse", "receive",
                         "rem", "try",   "when", "xor",     "maybe", "else",  "spec",   "callback"};
  return all;
}

// Numbers and quoted text that do not scan, names in other letters, pieces of functions.
const Texts& oddities() {
  static const Texts all{
      "\\",      "\"",     "'",           "X",    "_Y",           "\u00C9",   "'q'",
      "1",       "2.5",    "\"s\"",       "$a",   "1.",           "1.e5",     "1#2",
      "37#1",    "16#",    "16#g",        "1__0", "\u20AC",       "\u03B2",   "\u00D7",
      "\u00F7",  "\\x",    "\"\\x{zz}\"", "$\\",  "$\\x{110000}", "'\\^a'",   "1.0e",
      "1.0e400", "\"\"\"", "f()",         "-> a", "; f() -> b",   "when true"};
  return all;
}

// Cuts text into tokens, roughly: names and numbers, quoted text, blanks, single marks.
Texts rough_tokens(const std::string& text) {
  Texts pieces;
  std::size_t at = 0;
  const auto is_word = [&](std::size_t i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    return std::isalnum(byte) != 0 || byte == '_' || byte == '@' || byte >= 0x80;
  };
  while (at < text.size()) {
    const std::size_t begin = at++;
    const char first = text[begin];
    if (first == '"' || first == '\'') {
      while (at < text.size() && text[at] != first)
        at += text[at] == '\\' ? 2 : 1;
      at = std::min(at + 1, text.size());
    } else if (is_word(begin)) {
      while (at < text.size() && is_word(at))
        ++at;
    } else if (first == ' ' || first == '\n') {
      while (at < text.size() && (text[at] == ' ' || text[at] == '\n'))
        ++at;
    }
    pieces.push_back(text.substr(begin, at - begin));
  }
  return pieces;
}

std::string joined(const Texts& pieces) {
  std::string text;
  for (const std::string& piece : pieces)
    text += piece;
  return text;
}

std::string any_token(Random& random) {
  const std::size_t draw = random.below(10);
  return random.pick(draw < 5 ? marks() : draw < 8 ? words() : oddities());
}

std::string spaced(const std::string& token, Random& random) {
  return random.percent(75) ? " " + token + " " : token;
}

std::string with_damaged_token(const std::string& text, Random& random) {
  Texts pieces = rough_tokens(text);
  if (pieces.empty()) return any_token(random);
  const std::size_t index = random.below(pieces.size());
  const auto at = pieces.begin() + static_cast<std::ptrdiff_t>(index);
  switch (random.below(6)) {
    case 0:
      pieces.erase(at);
      break;
    case 1:
      pieces.insert(at, std::string(*at));
      break;
    case 2:
      *at = spaced(any_token(random), random);
      break;
    case 3:
      pieces.insert(at, spaced(any_expression(random, 2), random));
      break;
    case 4:
      *at = spaced(random.percent(25) ? any_bit_string(random) : any_expression(random, 3), random);
      break;
    default:
      pieces.insert(at, spaced(any_token(random), random));
  }
  return joined(pieces);
}

std::string with_damaged_bytes(std::string text, Random& random) {
  if (text.empty()) return "\xFF";
  static const std::string bytes("\0\x01\x7F\x80\xC3\xE9\xFF\xED\xA0\xEF\xBF\xBE\"'$%\\\n.", 19);
  const std::size_t index = random.below(text.size());
  if (random.percent(50)) {
    text[index] = random.pick(bytes);
  } else {
    text.insert(index, 1, random.pick(bytes));
  }
  return text;
}

std::string with_other_end(const std::string& text, Random& random) {
  static const Texts endings{"",
                             ".",
                             " .",
                             ". ",
                             ".%",
                             "..",
                             ".\n.",
                             ".x",
                             ".\n{b}.\n",
                             ".\n}{ bad",
                             ". \xFF",
                             ".\n\"open",
                             ".\n\xFF\n",
                             ";",
                             ",",
                             ", b.\n",
                             ",\nb, c.\n",
                             ".\"a\".",
                             "; f() -> b.\n",
                             "; g() -> b.\n",
                             "; f(X) -> b.\n",
                             " when a.\n",
                             ";\nf() when x -> b.\n",
                             ".\u00A0",
                             ".\u0085",
                             ".\u00FF"};
  const std::size_t end = text.find_last_of('.');
  return text.substr(0, end) + random.pick(endings);
}

}  // namespace

std::string damaged(const std::string& text, Random& random) {
  switch (random.below(10)) {
    case 0:
      return text.substr(0, random.below(text.size() + 1));
    case 1:
    case 2:
      return with_other_end(text, random);
    case 3:
      return with_damaged_bytes(text, random);
    default:
      return with_damaged_token(text, random);
  }
}

std::string any_file_header(Random& random) {
  static const Texts headers{"%% coding: utf-8\n",
                             "%% -*- coding: utf-8 -*-\n",
                             "%% coding: utf-16\n",
                             "%% coding: latin1\n",
                             "%% coding:\n",
                             "\n\n\n",
                             "%% \"a\n% {b.\n",
                             "\r\n",
                             "%% one\n%% two\n%% coding: latin-1\n"};
  return random.pick(headers);
}

std::string any_odd_file_header(Random& random) {
  static const Texts headers{"%% coding: latin-1\n",
                             "%% coding=latin-1\n",
                             "% Coding : latin-1\n",
                             "%% a comment\n%% coding: latin-1\n",
                             "\n%% coding:latin-1 \n",
                             "%% coding: LATIN-1\n",
                             "%% encoding: latin-1\n",
                             "%% coding coding: latin-1\n",
                             "%% coding:\tlatin-1\n",
                             "%% coding: latin-1-unix\n",
                             "%% coding: latin-15\n",
                             "%% coding: latin-1",
                             "%% coding coding\n%% coding: latin-1\n",
                             "%% coding: utf-8 coding: latin-1\n",
                             "\xEF\xBB\xBF",
                             "%% comment with \xE9\n",
                             "x %% coding: latin-1\n",
                             "\"%\" %% coding: latin-1\n",
                             "#!/usr/bin/env escript\n"};
  return random.pick(headers);
}

}  // namespace relup::differential
