// SPDX-License-Identifier: Apache-2.0
#include "term/printer.hpp"

#include <random>

#include <gtest/gtest.h>

#include "otp_cases.hpp"
#include "term/term_file.hpp"
#include "term/utf8.hpp"

namespace relup {
namespace {

Term read(const std::string& text) {
  return parse_single_term("test", text + ".");
}

// Read from one text and printed as another; where there is no other, as itself.
struct Golden {
  std::string text;
  std::string printed;
};

// Facts of io_lib:format("~0tp", [Term]), OTP 25.
std::vector<Golden> golden_lines() {
  return {
      {"[]", ""},
      {"{}", ""},
      {"#{}", ""},
      {"<<>>", ""},
      {"''", ""},
      {"'end'", ""},
      {"'maybe'", "maybe"},
      {"'Ab'", ""},
      {"'a b'", ""},
      {"'it\\'s'", ""},
      {"'\u00e9'", "\u00e9"},
      {"'\u03bb'", ""},
      {"'a\nb\x01'", "'a\\nb\\001'"},
      {"a@b_C9", ""},
      {"\"\"", "[]"},
      {"\"a\\\"b\\\\c\\n\\t\\e\"", ""},
      {"\"a\\d\"", "[97,127]"},
      {"[1]", ""},
      {"\"\u00e9\"", ""},
      {"\"\u03b2\"", "[946]"},
      {"[97,98]", "\"ab\""},
      {"[97,98|c]", ""},
      {"[{a,\"b\"}|c]", ""},
      {"<<97,98>>", "<<\"ab\">>"},
      {"<<\"\u00e9\"/utf8>>", ""},
      {"<<233>>", "<<\"\u00e9\">>"},
      {"<<\"\u03b2\"/utf8>>", "<<206,178>>"},
      {"<<1,2,5:3>>", ""},
      {"<<1:1>>", ""},
      {"1.0", ""},
      {"0.001", ""},
      {"0.00001", "1.0e-5"},
      {"123456789.0", ""},
      {"1.0e15", ""},
      {"1.0e22", ""},
      {"9007199254740992.0", "9.007199254740992e15"},
      {"-0.0", ""},
      {"5.0e-324", ""},
      {"1.7976931348623157e308", ""},
      {"-9223372036854775808", ""},
      {"18446744073709551616", ""},
      {"fun m:f/1", ""},
      {"fun 'M':'f g'/255", ""},
      {"#{b=>1,a=>[x,y]}", "#{a => [x,y],b => 1}"},
      {"{a, [b, c]}", "{a,[b,c]}"},
  };
}

TEST(Printer, OneLine) {
  for (const Golden& golden : golden_lines()) {
    const std::string& printed = golden.printed.empty() ? golden.text : golden.printed;
    EXPECT_EQ(print(read(golden.text)), printed);
    EXPECT_EQ(pretty_print(read(golden.text)), printed);
  }
}

// Facts of io_lib:format("~tp", [Term]), OTP 25.
TEST(Printer, BrokenLines) {
  const std::vector<std::string> layouts = {
      // An appup.
      "{\"1.0\",\n"
      " [{\"0.9\",\n"
      "   [{load_module,a},{update,b,{advanced,[]},soft_purge,soft_purge,[c,d,e]}]}],\n"
      " [{\"0.9\",[]}]}",
      // A list of short elements fills its lines.
      "[1000,1001,1002,1003,1004,1005,1006,1007,1008,1009,1010,1011,1012,1013,1014,\n"
      " 1015,1016,1017,1018,1019,1020,1021,1022,1023,1024,1025,1026,1027,1028,1029,\n"
      " 1030]",
      // The elements of a tagged tuple stand right of its tag.
      "{a_tag_that_is_long_enough_to_matter,[1000,1001,1002,1003,1004,1005,1006,1007,\n"
      "                                      1008,1009,1010,1011,1012,1013,1014,1015,\n"
      "                                      1016,1017,1018,1019,1020],\n"
      "                                     \"and a string that is quite long, too\"}",
      // A value that does not fit stands below its key.
      "#{a_rather_long_key_number_one =>\n"
      "      [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],\n"
      "  a_rather_long_key_number_two =>\n"
      "      [300,301,302,303,304,305,306,307,308,309,310,311,312,313,314,315,316,\n"
      "       317,318,319,320],\n"
      "  c => d}",
      // Bytes are wrapped between commas.
      "<<128,129,130,131,132,133,134,135,136,137,138,139,140,141,142,143,144,145,146,\n"
      "  147,148,149,150,151,152,153,154,155,156,157,158,159,160>>",
  };
  for (const std::string& layout : layouts)
    EXPECT_EQ(pretty_print(read(layout)), layout);
}

TEST(Printer, TheFirstColumnCounts) {
  const Term list = read("[" + std::string(60, 'a') + ",b,c,d,e]");
  EXPECT_EQ(pretty_print(list), "[" + std::string(60, 'a') + ",b,c,d,e]");
  EXPECT_EQ(pretty_print(list, 11),
            "[" + std::string(60, 'a') + ",b,c,d,\n" + std::string(11, ' ') + "e]");
}

TEST(Printer, WritesAFileThatReadsBack) {
  const Term term = read("{\"\u00e9\",'\u03bb'}");
  EXPECT_EQ(term_file(term), "%% coding: utf-8\n{\"\u00e9\",'\u03bb'}.\n");
  EXPECT_EQ(parse_single_term("file", term_file(term)), term);
}

TEST(Printer, LaysOutAsOtpDoes) {
  const std::vector<OtpCase> cases = otp_cases("print", 20240521, 2000);
  EXPECT_EQ(cases.size(), 2000U);
  for (const OtpCase& one : cases) {
    const Term term = parse_single_term("otp", one.text);
    ASSERT_EQ(pretty_print(term), one.answer);
    ASSERT_EQ(print(term) + ".", one.text);
  }
}

// Terms of every kind that has a syntax; the same seed gives the same terms.
class RandomTerms {
 public:
  explicit RandomTerms(unsigned seed) : random_(seed) {}

  Term next(int depth) {
    switch (below(depth > 0 ? 12 : 8)) {
      case 0:
        return Term(static_cast<std::int64_t>(random_()));
      case 1:
        return Term(static_cast<std::int64_t>(below(300)));
      case 2:
        return Term(std::ldexp(static_cast<double>(random_()), static_cast<int>(below(200)) - 100));
      case 3:
        return Term::string(text());
      case 4:
        return Term::binary(bytes(), 8);
      case 5:
        return Term::binary("x" + bytes(), 1 + static_cast<unsigned>(below(8)));
      case 6:
      case 7:
        return Term::atom(text());
      case 8:
        return Term::tuple(elements(depth));
      case 9:
        return Term::list(elements(depth));
      case 10:
        return Term::list(elements(depth), next(depth - 1));
      default:
        return Term::map({{next(depth - 1), next(depth - 1)}, {next(0), next(0)}});
    }
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  Term::Elements elements(int depth) {
    Term::Elements elements;
    for (std::uint64_t count = below(6); count > 0; --count)
      elements.push_back(next(depth - 1));
    return elements;
  }

  std::string text() {
    std::string text;
    for (std::uint64_t count = below(20); count > 0; --count) {
      append_utf8(text, static_cast<char32_t>(below(below(10) == 0 ? 0xD800 : 0x100)));
    }
    return text;
  }

  std::string bytes() {
    std::string bytes;
    for (std::uint64_t count = below(30); count > 0; --count)
      bytes += static_cast<char>(below(256));
    return bytes;
  }

  std::mt19937_64 random_;
};

TEST(Printer, WhatIsPrintedReadsBack) {
  RandomTerms terms(7);
  for (int i = 0; i < 20000; ++i) {
    const Term term = terms.next(5);
    ASSERT_EQ(read(print(term)), term) << print(term);
    ASSERT_EQ(read(pretty_print(term)), term) << print(term);
  }
}

}  // namespace
}  // namespace relup
