// SPDX-License-Identifier: Apache-2.0
//
// The facts about OTP in here were taken from `erl_scan:tokens/3` and `erl_parse:parse_term/1` of
// OTP 25; those about sigils and triple-quoted strings from the Reference Manual of OTP 27.
#include "term/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "otp_cases.hpp"
#include "term/printer.hpp"

namespace relup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using First = std::variant<ParsedTerm, SyntaxError>;

First parse_first(const std::string& text) {
  return parse_first_term(SourceText("test", text), Dialect::otp25);
}

// How the first term of `text` prints, or the error that it gives.
std::string read(const std::string& text) {
  const First result = parse_first(text);
  if (const auto* error = std::get_if<SyntaxError>(&result)) return "error: " + error->message;
  return print(std::get<ParsedTerm>(result).term);
}

SyntaxError error_of(const std::string& text) {
  const First result = parse_first(text);
  if (const auto* error = std::get_if<SyntaxError>(&result)) return *error;
  ADD_FAILURE() << text << " is a term";
  return {};
}

struct Accepted {
  std::string text;
  std::string printed;
};

TEST(Parser, AcceptsWhatOtpAccepts) {
  const std::vector<Accepted> cases = {
      {"{a,b}.", "{a,b}"},
      {"{a,b}. % and more", "{a,b}"},
      {"a.\n}", "a"},
      {"% before\na .", "a"},
      {"(1).", "1"},
      {"{(a)}.", "{a}"},
      {"- 1.", "-1"},
      {"-(1).", "-1"},
      {"+1.", "1"},
      {"-1.5e3.", "-1.5e3"},
      {"- 9223372036854775808.", "-9223372036854775808"},
      {"\"a\" \"b\".", "\"ab\""},
      {"\"a\" % c\n \"b\".", "\"ab\""},
      {"[1,2|[3]].", "[1,2,3]"},
      {"[1|2].", "[1|2]"},
      {"[a|[b|{c}]].", "[a,b|{c}]"},
      {"#{a=>1,a=>2}.", "#{a => 2}"},
      {"#{#{}=>#{}}.", "#{#{} => #{}}"},
      {"fun m:f/1.", "fun m:f/1"},
      {"fun 'M':'f g'/255.", "fun 'M':'f g'/255"},
      {"$\\n.", "10"},
      {"{$a,$ ,$\\s}.", "{97,32,32}"},
      {"[16#ff,2#101,36#Zz,1_000].", "[255,5,1295,1000]"},
  };
  for (const Accepted& one : cases)
    EXPECT_EQ(read(one.text), one.printed) << one.text;
}

TEST(Parser, BuildsBitStrings) {
  const std::vector<Accepted> cases = {
      {"<<>>.", "<<>>"},
      {"<<1,2:4>>.", "<<1,2:4>>"},
      {"<<\"abc\">>.", "<<\"abc\">>"},
      {"<<\"ab\":16>>.", "<<0,97,0,98>>"},
      {"<<\"\u00e9\"/utf8>>.", "<<\"\u00e9\"/utf8>>"},
      {"<<\"\u03bb\">>.", "<<\"\u00bb\">>"},
      {"<<\"\u03bb\"/utf16>>.", "<<3,187>>"},
      {"<<\"\U0001f600\"/utf16-little>>.", "<<61,216,0,222>>"},
      {"<<\"a\"/utf32>>.", "<<0,0,0,97>>"},
      {"<<(1)>>.", "<<1>>"},
      {"<<(\"a\" \"b\")>>.", "<<\"ab\">>"},
      {"<<-1>>.", "<<\"\u00ff\">>"},
      {"<<-258:13/little>>.", "<<254,30:5>>"},
      {"<<1:16/little,1:16/big,1:16/native>>.", "<<1,0,0,1,1,0>>"},
      {"<<1:2/unit:8>>.", "<<0,1>>"},
      {"<<300>>.", "<<\",\">>"},
      {"<<1.5/float>>.", "<<63,248,0,0,0,0,0,0>>"},
      {"<<1.5:32/float>>.", "<<63,192,0,0>>"},
      {"<<1:16/float-little>>.", "<<0,60>>"},
      {"<<0.1:16/float>>.", "<<\".f\">>"},
      {"<<65520.0:16/float>>.", "<<124,0>>"},
      {"<<6.0e-5:16/float>>.", "<<3,239>>"},
      {"<<2.98023223876953125e-8:16/float>>.", "<<0,0>>"},
      {"<<-0.0:16/float>>.", "<<128,0>>"},
      {"<<1000000000000000000000000000000/float>>.", "<<70,41,62,89,57,160,140,234>>"},
      {"<<100000000000000000000:80>>.", "<<0,5,107,199,94,45,99,16,0,0>>"},
      {"<<<<1:4>>/bits,<<2:4>>/bitstring>>.", "<<18>>"},
      {"<<<<\"abc\">>:2/binary>>.", "<<\"ab\">>"},
      {"<<<<1,2>>/binary-unit:16>>.", "<<1,2>>"},
      {"<<<<1,2>>/binary-bits>>.", "<<1,2>>"},
      {"<<\"\"/utf8>>.", "<<>>"},
      {"<<1/signed-big-integer>>.", "<<1>>"},
  };
  for (const Accepted& one : cases)
    EXPECT_EQ(read(one.text), one.printed) << one.text;
}

// Each of them is an expression, and none a term: OTP says "bad term".
TEST(Parser, ExpressionsAreNoTerms) {
  for (const std::string text :
       {"X.",     "_.",       "a+1.",         "-a.",        "+-1.",       "f(x).",    "m:f(x).",
        "a,b.",   "fun f/1.", "fun m:f/256.", "fun M:f/1.", "#{a:=1}.",   "#r{a=1}.", "X#r{}.",
        "a=b.",   "a!b.",     "not true.",    "catch a.",   "{a,[b|X]}.", "#{a=>X}.", "{a:b}.",
        "[1+1].", "-(-1).",   "-{}.",         "m:f(x,[y])."}) {
    const SyntaxError error = error_of(text);
    EXPECT_EQ(error.kind, SyntaxErrorKind::parse) << text;
    EXPECT_EQ(error.otp_what, Term::string("bad term")) << text;
  }
}

TEST(Parser, SegmentsWithoutValueAreNoTerms) {
  for (const std::string segment : {"a",
                                    "1.5",
                                    "[1]",
                                    "{1}",
                                    "<<1:4>>/binary",
                                    "<<1>>:9/bits",
                                    "2/foo",
                                    "2/unit:8",
                                    "1:8/float",
                                    "1.0:0/float",
                                    "1:a",
                                    "1:X",
                                    "1:1000000000000000000000",
                                    "\"a\"/binary",
                                    "\"\"/binary",
                                    "1/little-big",
                                    "1/signed-unsigned",
                                    "1/integer-float",
                                    "<<1>>/bytes-unit:1",
                                    "<<1>>/bits-unit:8",
                                    "1:2/unit:2-unit:4",
                                    "1:2/unit:0",
                                    "1:2/unit:257",
                                    "1:8/utf8",
                                    "1/utf8-unit:1",
                                    "16#d800/utf8",
                                    "16#110000/utf8",
                                    "-1/utf16",
                                    "-a",
                                    "fun a:b/1",
                                    "bnot 1"}) {
    const std::string text = "<<" + segment + ">>.";
    EXPECT_EQ(error_of(text).otp_what, Term::string("bad term")) << text;
  }
}

struct Unexpected {
  std::string text;
  std::string token;  // "syntax error before: " this; empty at the end of the text
  std::uint32_t line = 1;
};

// Tokens that make no expression, and the one that OTP names.
TEST(Parser, NamesTheTokenThatOtpNames) {
  const std::vector<Unexpected> cases = {
      {"{a b}.", "b"},
      {"{a,}.", "'}'"},
      {"[a,].", "']'"},
      {"[a|b,c].", "','"},
      {"[|a].", "'|'"},
      {"[a|].", "']'"},
      {"}.", "'}'"},
      {"{a,.", "'.'"},
      {"{a,[1,2}.", "'}'"},
      {"{a,b}}.", "'}'"},
      {"#{a}.", "'}'"},
      {"#{a,b}.", "','"},
      {"# .", "'.'"},
      {"X#(.", "'('"},
      {"<<1:>>.", "'>>'"},
      {"<<1,>>.", "'>>'"},
      {"<<1+1>>.", "'+'"},
      {"<<#{}>>.", "'#'"},
      {"<<1/>>.", "'>>'"},
      {"<<1:-1>>.", "'-'"},
      {"<<catch 1>>.", "'catch'"},
      {"fun m:f/a.", "a"},
      {"fun 1.", "1"},
      {"--1.", "'--'"},
      {"1__0.", "__0"},
      {"1e3.", "e3"},
      {".5.", "'.'"},
      {"a.b.", "'.'"},
      {"1.2.3.", "'.'"},
      {"?X.", "'?'"},
      {"{1,2;3}.", "';'"},
      {"a,b c.", "c"},
      {"a 16#ff.", "255"},
      {"a 1_000.", "1000"},
      {"a 1.50e1.", "15.0"},
      {"a $\\n.", "$\\n"},
      {"a $ .", "$\\s"},
      {"a $\u03b2.", "$\u03b2"},
      {"a \"\".", "\"\""},
      {"a \"x\ny\".", "\"x\\ny\""},
      {"a \"\u03bb\".", "\"\u03bb\""},
      {"a \"\\^A\".", "\"\\001\""},
      {"a 'b c'.", "'b c'"},
      {"a andalso.", "'.'"},
      {"a \\.", "'\\\\'"},
      {"a \u00a3.", "'\u00a3'"},
      {"{a,b}", ""},
      {"\n\n{a\n,b\n c}.", "c", 5},
      {"{a,\"x\n\ny\"\nb}.", "b", 4},
      {"{a,\n\"b\nc\"\n\n%x\n", "", 2},
      {"a\n\n", "", 1},
  };
  for (const Unexpected& one : cases) {
    SCOPED_TRACE(one.text);
    const SyntaxError error = error_of(one.text);
    const Term token = one.token.empty() ? Term() : Term::string(one.token);
    EXPECT_EQ(error.kind, SyntaxErrorKind::parse);
    EXPECT_EQ(error.otp_what, Term::list({Term::string("syntax error before: "), token}))
        << print(error.otp_what);
    EXPECT_EQ(error.otp_line, one.line);
    EXPECT_FALSE(error.message.empty());
  }
}

struct BadLine {
  std::string text;
  std::uint32_t line;
};

TEST(Parser, SaysOnWhichLineOtpSeesABadTerm) {
  for (const BadLine& one : std::vector<BadLine>{{"{a,\nX}.", 1},
                                                 {"\n\n{a,\n[X]}.", 3},
                                                 {"a,\nb.", 2},
                                                 {"a,\nb,\nc.", 2},
                                                 {"- \n - 1.", 1},
                                                 {"(\nX).", 2},
                                                 {"[a\n|X].", 1}}) {
    EXPECT_EQ(error_of(one.text).otp_line, one.line) << one.text;
  }
}

TEST(Parser, PointsAtWhatIsWrong) {
  const SourceText source("name.app", "{application, tally,\n [{vsn, 1.0.0}]}.");
  const First result = parse_first_term(source);
  const auto& error = std::get<SyntaxError>(result);
  EXPECT_EQ(source.text(error.span), ".");
  EXPECT_EQ(describe(error, source), "name.app:2:12: unexpected `'.'`; expected `,` or `}`");

  const SyntaxError variable = error_of("{a,[X]}.");
  EXPECT_EQ(variable.span, (Span{4, 5}));
}

TEST(Parser, EveryTermHasItsSpan) {
  const std::string text = "% one\n{a, % two\n [ \"b\" \"c\" , -1]}. % three";
  const SourceText source("test", text);
  const First result = parse_first_term(source);
  const auto& parsed = std::get<ParsedTerm>(result);
  const Term::Elements& tuple = *parsed.term.as_tuple();
  const Term::Elements& list = *tuple[1].as_list();
  EXPECT_EQ(source.text(parsed.term.span()), "{a, % two\n [ \"b\" \"c\" , -1]}");
  EXPECT_EQ(source.text(tuple[0].span()), "a");
  EXPECT_EQ(source.text(tuple[1].span()), "[ \"b\" \"c\" , -1]");
  EXPECT_EQ(source.text(list[0].span()), "\"b\" \"c\"");
  EXPECT_EQ(source.text(list[1].span()), "-1");
  EXPECT_EQ(source.text(parsed.full_stop), ".");
  std::vector<std::string> comments;
  for (const Span span : parsed.comments)
    comments.emplace_back(source.text(span));
  EXPECT_THAT(comments, ElementsAre("% one", "% two"));
}

TEST(Parser, ReadsAllTerms) {
  const SourceText source("test", "{a,1}.\n% c\n{b,2}. c.\n\n");
  const auto result = parse_terms(source);
  const auto& terms = std::get<std::vector<ParsedTerm>>(result);
  ASSERT_EQ(terms.size(), 3U);
  EXPECT_EQ(print(terms[1].term), "{b,2}");
  EXPECT_EQ(terms[1].comments.size(), 1U);
  EXPECT_EQ(source.text(terms[2].term.span()), "c");

  for (const char* empty : {"", "  \n", "% only a comment\n"}) {
    const auto none = parse_terms(SourceText("test", empty));
    EXPECT_TRUE(std::get<std::vector<ParsedTerm>>(none).empty()) << empty;
    EXPECT_EQ(error_of(empty).kind, SyntaxErrorKind::empty) << empty;
  }
  const SourceText broken("test", "a. b. c");
  const auto failed = parse_terms(broken);
  EXPECT_EQ(std::get<SyntaxError>(failed).otp_line, 1U);
}

// Whatever is nested a million times costs little and is refused, with its place.
TEST(Parser, NestingIsBounded) {
  for (const std::string opening : {"[", "{", "#{", "<<", "(", "f(", "#r{", "{a,", "[a|", "#{a=>",
                                    "<<(", "<<-<<", "<<1:(", "not ", "- ", "X#{", "[{"}) {
    SCOPED_TRACE(opening);
    std::string bomb;
    while (bomb.size() < 1000000 * opening.size())
      bomb += opening;
    const SyntaxError error = error_of(bomb);
    EXPECT_EQ(error.kind, SyntaxErrorKind::parse);
    EXPECT_THAT(error.message, HasSubstr("nested more than 500 deep"));
    EXPECT_GT(error.span.begin, 200U);
    EXPECT_LT(error.span.begin, 10000U);
  }
  const std::string deep = std::string(450, '[') + std::string(450, ']') + ".";
  EXPECT_EQ(read(deep) + ".", deep);
}

TEST(Parser, LongIsNotDeep) {
  std::string list = "[a";
  std::string sum = "1";
  for (int i = 0; i < 100000; ++i) {
    list += ",a";
    sum += "+1";
  }
  EXPECT_EQ(read(list + "].").size(), list.size() + 1);
  EXPECT_EQ(error_of(sum + ".").otp_what, Term::string("bad term"));
}

// An application and its appup, with most of what such files hold.
constexpr std::string_view long_text = R"(%% coding: utf-8
%% The tally application; caf)"
                                       "\u00e9"
                                       R"( edition.
{application, tally,
 [{description, "Counts \"things\" \x{3b2}\n"}, % what it is
  {vsn, "1.0.0-rc.1"},
  {modules, [tally_app, tally_sup, 'tally-server', 'Elixir.Tally.Counter']},
  {registered, [tally_sup]},
  {applications, [kernel, stdlib, sasl]},
  {mod, {tally_app, []}},
  {env, [{limit, 16#ffff}, {rate, -1.5e-3}, {key, <<"abc", 1:4, 2:12/little>>},
         {map, #{a => 1, "b" => [x | y]}}, {char, $\s}, {'fun', fun lists:map/2}]}]}.
{"1.0.0-rc.1",
 [{<<"0\\.9(\\.[0-9]+)*">>,
   [{load_module, tally_stats, brutal_purge, soft_purge, []},
    {update, tally_counter, {advanced, []}, soft_purge, soft_purge, [tally_stats]},
    {apply, {io, format, ["~p~n", [upgraded]]}}]}],
 [{"0.9", [{delete_module, tally_stats}]}]}.
)";

TEST(Parser, EveryTruncationIsAnError) {
  const std::string text(long_text);
  const auto whole = parse_terms(SourceText("whole", text));
  ASSERT_EQ(std::get<std::vector<ParsedTerm>>(whole).size(), 2U);
  const std::size_t first_end = text.find("}]}]}.\n") + 6;
  const std::size_t second_end = text.size() - 1;
  for (std::size_t length = 0; length < second_end; ++length) {
    const SourceText source("cut", text.substr(0, length));
    const auto result = parse_terms(source);
    const auto* terms = std::get_if<std::vector<ParsedTerm>>(&result);
    if (terms == nullptr) {
      const SyntaxError& error = std::get<SyntaxError>(result);
      EXPECT_LE(error.span.begin, length);
      EXPECT_FALSE(describe(error, source).empty());
    } else {
      // Nothing but comments, or the whole first term and blanks.
      const bool between = length >= first_end && length <= first_end + 1;
      EXPECT_EQ(terms->size(), between ? 1U : 0U) << length;
      EXPECT_TRUE(between || length <= text.find("{application")) << length;
    }
  }
}

TEST(Parser, EveryChangedByteReadsOrIsAnError) {
  std::size_t refused = 0;
  for (std::size_t at = 0; at < long_text.size(); ++at) {
    for (const char changed : {'\0', ' ', '"', '\'', '{', ']', '.', '%', '$', '\\', '~', '\xFF'}) {
      std::string text(long_text);
      text[at] = changed;
      const auto decoded = decode_source("changed", text);
      const auto* source = std::get_if<Source>(&decoded);
      if (source == nullptr || parse_terms(**source).index() == 1) ++refused;
    }
  }
  EXPECT_GT(refused, long_text.size());
}

struct Encoded {
  std::string bytes;
  std::string text;  // empty: the bytes do not decode
};

// The rule of `epp:read_encoding/1`.
TEST(Parser, DecodesByTheCodingComment) {
  const std::vector<Encoded> cases = {
      {"%% coding: latin-1\n\"\xE9\".", "%% coding: latin-1\n\"\u00e9\"."},
      {"%% -*- coding: Latin-1 -*-\n'\xE9'.", "%% -*- coding: Latin-1 -*-\n'\u00e9'."},
      {"\n% coding=latin-1\n\xE9.", "\n% coding=latin-1\n\u00e9."},
      {"a. % encoding : latin-1\n\xE9.", "a. % encoding : latin-1\n\u00e9."},
      {"%% coding: utf-8\n\"\xC3\xA9\".", "%% coding: utf-8\n\"\u00e9\"."},
      {"\"\xC3\xA9\".", "\"\u00e9\"."},
      {"%% coding: utf-8\n%% coding: latin-1\n\xE9.", ""},
      {"%% coding: klingon\n\xE9.", ""},
      {"%% coding latin-1\n\xE9.", ""},
      {"\n\n%% coding: latin-1\n\xE9.", ""},
      {"\xE9.", ""},
  };
  for (const Encoded& one : cases) {
    SCOPED_TRACE(one.bytes);
    const auto result = decode_source("test", one.bytes);
    if (const auto* error = std::get_if<SyntaxError>(&result)) {
      EXPECT_EQ(one.text, "");
      EXPECT_EQ(error->kind, SyntaxErrorKind::encoding);
      EXPECT_EQ(error->span.begin, one.bytes.find('\xE9'));
      EXPECT_THAT(error->expected, HasSubstr("latin-1"));
    } else {
      EXPECT_EQ(std::get<Source>(result)->text(), one.text);
    }
  }
}

TEST(Parser, ASyntaxErrorIsADiagnostic) {
  const Source source = make_source("a.appup", "{a,\n b c}.");
  const First result = parse_first_term(*source);
  const Diagnostic diagnostic = to_diagnostic(std::get<SyntaxError>(result), source);
  EXPECT_EQ(diagnostic.rule, "syntax");
  EXPECT_EQ(diagnostic.file, "a.appup");
  EXPECT_EQ(diagnostic.severity, Severity::error);
  EXPECT_EQ(diagnostic.message, "unexpected `c`");
  EXPECT_THAT(diagnostic.notes, ElementsAre("expected `,` or `}`"));
  EXPECT_EQ(source->position(diagnostic.span.begin).column, 4U);
}

TEST(Parser, ModernLiteralsAreTermsSinceOtp27) {
  const SourceText source("test", "{~\"a\", \"\"\"\n  b\n  \"\"\", ~S(\\d)}.");
  const First modern = parse_first_term(source, Dialect::otp27);
  EXPECT_EQ(print(std::get<ParsedTerm>(modern).term), "{<<\"a\">>,\"b\",\"\\\\d\"}");
  EXPECT_THAT(print(error_of("{~\"a\"}.").otp_what), HasSubstr("'~'"));
  for (const char* pair : {"~s\"a\" \"b\".", "\"a\" ~s\"b\".", "~s\"a\" ~s\"b\"."}) {
    const First result = parse_first_term(SourceText("test", pair), Dialect::otp27);
    EXPECT_TRUE(std::holds_alternative<SyntaxError>(result)) << pair;
  }
}

TEST(Parser, ReadsAndRefusesAsOtpDoes) {
  const std::vector<OtpCase> cases = otp_cases("read", 20240521, 5000);
  EXPECT_EQ(cases.size(), 5000U);
  std::size_t accepted = 0;
  for (const OtpCase& one : cases) {
    const First result = parse_first(one.text);
    const auto* parsed = std::get_if<ParsedTerm>(&result);
    ASSERT_EQ(parsed == nullptr ? "error" : "ok " + print(parsed->term), one.answer) << one.text;
    if (parsed != nullptr) ++accepted;
  }
  EXPECT_GT(accepted, 1000U);
  EXPECT_LT(accepted, 4500U);
}

}  // namespace
}  // namespace relup
