// SPDX-License-Identifier: Apache-2.0
#include "term/term_file.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "term/printer.hpp"

namespace relup {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string message_of(const std::string& bytes) {
  try {
    parse_single_term("releases/RELEASES", bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    return error.message();
  }
  ADD_FAILURE() << bytes << " is one term";
  return "";
}

TEST(ReadOnlyTerm, StandsAlone) {
  EXPECT_EQ(print(parse_single_term("x", "%% coding: latin-1\n\"\xE9\".\n")), "\"\u00e9\"");
  EXPECT_EQ(message_of("a. b."), "releases/RELEASES: holds 2 terms, expected one");
  EXPECT_EQ(message_of(""), "releases/RELEASES: holds 0 terms, expected one");
  EXPECT_THAT(message_of("[{release,\n"), HasSubstr("releases/RELEASES:2:1: unexpected the end"));
  EXPECT_THAT(message_of("\"\xE9\"."), HasSubstr("byte 1 is not valid UTF-8"));
}

TEST(ReadFirstTerm, HandsOutTheTermWithItsCommentsAndItsEnd) {
  const auto read = read_first_term("a.appup", "%% one\n{a, % two\n b}. %% three\n,,");
  const auto& file = std::get<TermFile>(read);
  EXPECT_EQ(print(file.term), "{a,b}");
  EXPECT_EQ(file.source->name(), "a.appup");
  ASSERT_EQ(file.comments.size(), 2U);
  EXPECT_EQ(file.source->text(file.comments[1]), "% two");
  EXPECT_EQ(file.source->text().substr(file.full_stop.begin, 1), ".");
}

TEST(ReadFirstTerm, BytesAfterTheFullStopCountOnlyWhereTheWholeFileDoes) {
  const std::string bytes = "{a}.\n\xE9\n";
  const auto first = read_first_term("x", bytes);
  EXPECT_EQ(std::get<TermFile>(first).source->text(), "{a}.\n");
  const auto whole = read_first_term("x", bytes, Dialect::otp27, Encoded::whole_file);
  EXPECT_EQ(describe(std::get<TermFault>(whole)), "x: byte 5 is not valid UTF-8");
}

// What systools_lib:read_term_from_stream/2 of OTP 25 answered.
TEST(ReadFirstTerm, AFaultKnowsItsPlaceAndWhatOtpSays) {
  const struct {
    const char* bytes;
    const char* description;
    const char* reason;
  } cases[] = {
      {"{a,\n b c}.", "x.rel:2:4: unexpected `c`; expected `,` or `}`",
       "{parse,\"x.rel\",{2,erl_parse,[\"syntax error before: \",\"c\"]}}"},
      {"\"a", "x.rel:1:1: a string that does not end; expected a closing \"", "{read,\"x.rel\"}"},
      {"", "x.rel:1:1: no term in the file; expected a term ended by a full stop",
       "{read,\"x.rel\"}"},
      {"\xE9.", "x.rel: byte 0 is not valid UTF-8", "{read,\"x.rel\"}"},
  };
  for (const auto& one : cases) {
    const auto read = read_first_term("x.rel", one.bytes);
    const auto& fault = std::get<TermFault>(read);
    EXPECT_EQ(describe(fault), one.description);
    EXPECT_EQ(print(otp_reason(fault.error, "x.rel")), one.reason);
    EXPECT_EQ(to_diagnostic(fault).file, "x.rel");
    EXPECT_EQ(to_diagnostic(fault).rule, "syntax");
  }
}

TEST(ReadFirstTerm, BytesInNoEncodingHaveNoPlaceButSayWhatIsRight) {
  const auto read = read_first_term("x.rel", "\xE9.");
  const Diagnostic finding = to_diagnostic(std::get<TermFault>(read));
  EXPECT_EQ(finding.source, nullptr);
  EXPECT_THAT(finding.notes, ElementsAre(HasSubstr("coding: latin-1")));
}

}  // namespace
}  // namespace relup
