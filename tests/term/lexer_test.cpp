// SPDX-License-Identifier: Apache-2.0
#include "term/lexer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "term/printer.hpp"

namespace relup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The only token of `text`, or an unprintable one when there is another after it.
Token only_token(const std::string& text, Dialect dialect = Dialect::otp25) {
  const SourceText source("test", text);
  Lexer lexer(source, dialect);
  Token token = lexer.next();
  EXPECT_EQ(lexer.next().kind, TokenKind::end) << text;
  return token;
}

Term integer(std::int64_t value) {
  return Term(value);
}

std::vector<std::string> texts(const std::string& text) {
  const SourceText source("test", text);
  Lexer lexer(source, Dialect::otp25);
  std::vector<std::string> found;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    found.emplace_back(source.text(token.span));
  }
  return found;
}

// The error of the first token that is none.
SyntaxError error_of(const std::string& text, Dialect dialect = Dialect::otp25) {
  const SourceText source("test", text);
  Lexer lexer(source, dialect);
  try {
    while (lexer.next().kind != TokenKind::end) {
    }
  } catch (const SyntaxError& error) {
    EXPECT_EQ(error.kind, SyntaxErrorKind::scan);
    EXPECT_LE(error.span.begin, text.size());
    return error;
  }
  ADD_FAILURE() << text << " is made of tokens";
  return {};
}

struct Literal {
  std::string text;
  TokenKind kind;
  Term value;
};

class LexerLiterals : public testing::TestWithParam<Literal> {};

TEST_P(LexerLiterals, HaveKindValueAndSpan) {
  const Literal& literal = GetParam();
  const Token token = only_token("  " + literal.text + " ");
  EXPECT_EQ(token.kind, literal.kind);
  EXPECT_EQ(token.value, literal.value) << print(token.value);
  EXPECT_EQ(token.span, (Span{2, static_cast<std::uint32_t>(2 + literal.text.size())}));
}

// Facts of `erl_scan:string/1`, OTP 25.
INSTANTIATE_TEST_SUITE_P(Numbers, LexerLiterals,
                         testing::Values(Literal{"0010", TokenKind::integer, integer(10)},
                                         Literal{"1_000_000", TokenKind::integer, integer(1000000)},
                                         Literal{"16#ff", TokenKind::integer, integer(255)},
                                         Literal{"16#F_f", TokenKind::integer, integer(255)},
                                         Literal{"1_6#f", TokenKind::integer, integer(15)},
                                         Literal{"2#1_0", TokenKind::integer, integer(2)},
                                         Literal{"36#Zz", TokenKind::integer, integer(1295)},
                                         Literal{"9223372036854775807", TokenKind::integer,
                                                 integer(std::numeric_limits<std::int64_t>::max())},
                                         Literal{"1.5", TokenKind::floating, Term(1.5)},
                                         Literal{"00.5", TokenKind::floating, Term(0.5)},
                                         Literal{"1_0.0_1e1_0", TokenKind::floating,
                                                 Term(10.01e10)},
                                         Literal{"1.0E+5", TokenKind::floating, Term(1.0e5)},
                                         Literal{"1.0e-400", TokenKind::floating, Term(0.0)},
                                         Literal{"1.7976931348623157e308", TokenKind::floating,
                                                 Term(std::numeric_limits<double>::max())}));

INSTANTIATE_TEST_SUITE_P(Characters, LexerLiterals,
                         testing::Values(Literal{"$a", TokenKind::character, integer('a')},
                                         Literal{"$ ", TokenKind::character, integer(' ')},
                                         Literal{"$\\n", TokenKind::character, integer('\n')},
                                         Literal{"$\\s", TokenKind::character, integer(' ')},
                                         Literal{"$\\d", TokenKind::character, integer(127)},
                                         Literal{"$\\e", TokenKind::character, integer(27)},
                                         Literal{"$\\0", TokenKind::character, integer(0)},
                                         Literal{"$\\777", TokenKind::character, integer(511)},
                                         Literal{"$\\x7f", TokenKind::character, integer(127)},
                                         Literal{"$\\x{00000000041}", TokenKind::character,
                                                 integer('A')},
                                         Literal{"$\\^A", TokenKind::character, integer(1)},
                                         Literal{"$\\^a", TokenKind::character, integer(1)},
                                         Literal{"$\\^!", TokenKind::character, integer(1)},
                                         Literal{"$\\^?", TokenKind::character, integer(31)},
                                         Literal{"$\\q", TokenKind::character, integer('q')},
                                         Literal{"$\u03b2", TokenKind::character, integer(0x3B2)},
                                         Literal{"$%", TokenKind::character, integer('%')}));

INSTANTIATE_TEST_SUITE_P(
    Names, LexerLiterals,
    testing::Values(Literal{"a", TokenKind::atom, Term::atom("a")},
                    Literal{"a@b_C9", TokenKind::atom, Term::atom("a@b_C9")},
                    Literal{"\u00e9t\u00c9", TokenKind::atom, Term::atom("\u00e9t\u00c9")},
                    Literal{"''", TokenKind::atom, Term::atom("")},
                    Literal{"'a b'", TokenKind::atom, Term::atom("a b")},
                    Literal{"'it\\'s'", TokenKind::atom, Term::atom("it's")},
                    Literal{"'\u03bb\\x{3bb}'", TokenKind::atom, Term::atom("\u03bb\u03bb")},
                    Literal{"'end'", TokenKind::atom, Term::atom("end")}));

INSTANTIATE_TEST_SUITE_P(
    Strings, LexerLiterals,
    testing::Values(Literal{"\"\"", TokenKind::string, Term()},
                    Literal{"\"a\\tb\"", TokenKind::string, Term::string("a\tb")},
                    Literal{"\"a\nb\"", TokenKind::string, Term::string("a\nb")},
                    Literal{"\"\\x41\\101\\\"\"", TokenKind::string, Term::string("AA\"")},
                    Literal{"\"\\18\"", TokenKind::string, Term::list({integer(1), integer('8')})},
                    Literal{"\"%'\\''\"", TokenKind::string, Term::string("%'''")}));

TEST(Lexer, TellsKeywordsAndVariablesFromAtoms) {
  EXPECT_EQ(only_token("end").kind, TokenKind::keyword);
  EXPECT_EQ(only_token("maybe").kind, TokenKind::atom);
  for (const char* variable : {"_", "_a", "X@1", "\u00c9a"}) {
    EXPECT_EQ(only_token(variable).kind, TokenKind::variable) << variable;
  }
}

TEST(Lexer, TakesTheLongestMark) {
  EXPECT_THAT(texts("=:==>=>"), ElementsAre("=:=", "=>", "=>"));
  EXPECT_THAT(texts("<<-1>>"), ElementsAre("<<", "-", "1", ">>"));
  EXPECT_THAT(texts("{a,[b|c]}."), ElementsAre("{", "a", ",", "[", "b", "|", "c", "]", "}", "."));
}

TEST(Lexer, EndsNumbersWhereTheyEnd) {
  EXPECT_THAT(texts("1__0"), ElementsAre("1", "__0"));
  EXPECT_THAT(texts("1_"), ElementsAre("1", "_"));
  EXPECT_THAT(texts("2#102"), ElementsAre("2#10", "2"));
  EXPECT_THAT(texts("1e3"), ElementsAre("1", "e3"));
  EXPECT_THAT(texts("12X"), ElementsAre("12", "X"));
  EXPECT_THAT(texts("1.5.2"), ElementsAre("1.5", ".", "2"));
}

TEST(Lexer, AFullStopIsADotBeforeABlank) {
  for (const char* text : {"a.", "a.\n", "a.%c", "a.\u00a0", "a. b"}) {
    const SourceText source("test", text);
    Lexer lexer(source, Dialect::otp25);
    lexer.next();
    EXPECT_EQ(lexer.next().kind, TokenKind::full_stop) << text;
  }
  EXPECT_THAT(texts("a.b"), ElementsAre("a", ".", "b"));
  EXPECT_THAT(texts("a..b"), ElementsAre("a", "..", "b"));
}

TEST(Lexer, BlanksAreThoseOfLatin1) {
  EXPECT_THAT(texts(std::string("a\0b\u00a0c\u0085d\te", 11)),
              ElementsAre("a", "b", "c", "d", "e"));
}

TEST(Lexer, KeepsComments) {
  const SourceText source("test", "% one\na % two\n%%% three");
  Lexer lexer(source, Dialect::otp25);
  while (lexer.next().kind != TokenKind::end) {
  }
  std::vector<std::string> comments;
  for (const Span span : lexer.comments())
    comments.emplace_back(source.text(span));
  EXPECT_THAT(comments, ElementsAre("% one", "% two", "%%% three"));
}

// Of no use in a term, but a token: the parser names it.
TEST(Lexer, EveryOtherLatin1CharacterIsAToken) {
  EXPECT_THAT(texts("@ \\ ^ ` ~ \u00a3 \u00d7 \x7f"),
              ElementsAre("@", "\\", "^", "`", "~", "\u00a3", "\u00d7", "\x7f"));
}

struct Refused {
  std::string text;
  std::string message;
  std::uint32_t offset;
};

TEST(Lexer, RefusesWithAPlaceAndAReason) {
  const std::vector<Refused> cases = {
      {"a \"bc", "a string that does not end", 2},
      {"a 'bc", "a quoted atom that does not end", 2},
      {" $", "`$` without a character", 1},
      {"\"a\\", "an escape that does not end", 2},
      {"37#1", "a base of 37", 0},
      {"1#0", "a base of 1", 0},
      {"99999999999999999999#1", "a base of", 0},
      {"16#", "no digits after the base", 0},
      {"16#g", "no digits after the base", 0},
      {"16#_f", "no digits after the base", 0},
      {"1.5e", "an exponent without digits", 0},
      {"1.0e+", "an exponent without digits", 0},
      {"1.0e400", "a float out of range", 0},
      {"\"\\xg\"", "a bad hexadecimal escape", 1},
      {"\"\\x1\"", "a bad hexadecimal escape", 1},
      {"\"\\x{}\"", "a bad hexadecimal escape", 1},
      {"\"\\x{41\"", "a bad hexadecimal escape", 1},
      {"'\\x{110000}'", "a bad hexadecimal escape", 1},
      {"\"\\x{d800}\"", "a bad hexadecimal escape", 1},
      {"\"\\x{ffff}\"", "a bad hexadecimal escape", 1},
      {"\"a\ufffe\"", "an illegal character", 2},
      {"{\u03bb}", "an illegal character", 1},
  };
  for (const Refused& one : cases) {
    SCOPED_TRACE(one.text);
    const SyntaxError error = error_of(one.text);
    EXPECT_THAT(error.message, HasSubstr(one.message));
    EXPECT_FALSE(error.expected.empty());
    EXPECT_EQ(error.span.begin, one.offset);
  }
}

TEST(Lexer, AtomsHave255CharactersAtMost) {
  std::string wide;
  for (int i = 0; i < 255; ++i)
    wide += "\u03bb";
  EXPECT_EQ(only_token("'" + wide + "'").value, Term::atom(wide));
  EXPECT_EQ(only_token(std::string(255, 'a')).value, Term::atom(std::string(255, 'a')));
  EXPECT_THAT(error_of("'" + wide + "\u03bb'").message, HasSubstr("more than 255"));
  EXPECT_THAT(error_of(std::string(256, 'a')).message, HasSubstr("more than 255"));
}

TEST(Lexer, IntegersAreBounded) {
  EXPECT_EQ(print(only_token("1" + std::string(100, '0')).value), "1" + std::string(100, '0'));
  EXPECT_THAT(error_of(std::string(70000, '9')).message, HasSubstr("more than 65536 digits"));
}

struct Modern {
  std::string text;
  TokenKind kind;
  Term value;
};

// Reference Manual of OTP 27, "Sigils" and "Triple-Quoted Strings".
TEST(Lexer, ReadsTheLiteralsOfOtp27) {
  const std::vector<Modern> cases = {
      {"~\"a\\tb\"", TokenKind::sigil, Term::binary("a\tb")},
      {"~b(\u00e9)", TokenKind::sigil, Term::binary("\u00e9")},
      {"~B|a\\tb|", TokenKind::sigil, Term::binary("a\\tb")},
      {"~s{a\\x41}", TokenKind::sigil, Term::string("aA")},
      {"~S[\\d+\"]", TokenKind::sigil, Term::string("\\d+\"")},
      {"~B/ab/", TokenKind::sigil, Term::binary("ab")},
      {"~s#a#", TokenKind::sigil, Term::string("a")},
      {"~s`a`", TokenKind::sigil, Term::string("a")},
      {"~s'a'", TokenKind::sigil, Term::string("a")},
      {"~s<>", TokenKind::sigil, Term()},
      {"\"\"\"\n\"\"\"", TokenKind::string, Term()},
      {"\"\"\"\n  a\n  \"\"\"", TokenKind::string, Term::string("a")},
      {"\"\"\"\n  a\n    \"b\\n\"\n\n  c\n  \"\"\"", TokenKind::string,
       Term::string("a\n  \"b\\n\"\n\nc")},
      {"\"\"\"\"\n\"\"\"\n\"\"\"\"", TokenKind::string, Term::string("\"\"\"")},
      {"~\"\"\"\n\ta\n\t\"\"\"", TokenKind::sigil, Term::binary("a")},
      {"~s\"\"\"\na\\t\n\"\"\"", TokenKind::sigil, Term::string("a\t")},
      {"~S\"\"\"\na\\t\n\"\"\"", TokenKind::sigil, Term::string("a\\t")},
      {"~\"\"\"\na\\t\n\"\"\"", TokenKind::sigil, Term::binary("a\\t")},
      {"~b\"\"\"\n a\\x41\n \"\"\"", TokenKind::sigil, Term::binary("aA")},
      {"\"\"", TokenKind::string, Term()},
      {"$\\^?", TokenKind::character, integer(127)},
  };
  for (const Modern& one : cases) {
    SCOPED_TRACE(one.text);
    const Token token = only_token(one.text, Dialect::otp27);
    EXPECT_EQ(token.kind, one.kind);
    EXPECT_EQ(token.value, one.value) << print(token.value);
  }
}

TEST(Lexer, RefusesBadLiteralsOfOtp27) {
  for (const std::string& text : std::vector<std::string>{
           "~x\"a\"", "~", "~b", "~b)a)", "~\"a", "~S(a", "\"\"\"", "\"\"\"a\"\"\"",
           "\"\"\" a\nb\n\"\"\"", "\"\"\"\n  a\n b\n  \"\"\"", "\"\"\"\na\"\"\"", "~bb\"a\"",
           "\"\"\"\n  a\n \n  \"\"\"", "~b\"\"\"\n\\xg\n\"\"\""}) {
    EXPECT_FALSE(error_of(text, Dialect::otp27).message.empty()) << text;
  }
}

TEST(Lexer, ThreeQuotesWereTwoStringsBefore) {
  EXPECT_THAT(texts("\"\"\"\na\n\"\"\""), ElementsAre("\"\"", "\"\na\n\"", "\"\""));
}

}  // namespace
}  // namespace relup
