// SPDX-License-Identifier: Apache-2.0
//
// Texts that nobody would write on purpose. None may crash the reader or keep it busy, and every
// one that it refuses must be refused with a place that can be shown.

#include <gmock/gmock.h>

#include "base/diagnostic_text.hpp"
#include "base/file_system.hpp"
#include "policy/read_policy.hpp"

namespace relup::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string rendered(const std::string& text) {
  std::string all;
  for (const Diagnostic& diagnostic : read_policy("relup.yaml", text).diagnostics)
    all += to_text(diagnostic, TextStyle{});
  return all;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

TEST(HostilePolicy, CanBeCutOffAnywhere) {
  const std::string text = real_file_system().read(RELUP_TESTDATA "/policy/full.yaml");
  for (std::size_t length = 0; length <= text.size(); ++length)
    rendered(text.substr(0, length));
}

TEST(HostilePolicy, CanLackOrDoubleAnyByte) {
  const std::string text = real_file_system().read(RELUP_TESTDATA "/policy/full.yaml");
  for (std::size_t at = 0; at < text.size(); ++at) {
    rendered(text.substr(0, at) + text.substr(at + 1));
    rendered(text.substr(0, at) + text.substr(at, 1) + text.substr(at));
  }
}

TEST(HostilePolicy, MayBeNestedDeeply) {
  for (const char* part : {"[", "{a: ", "- ", "? ", "{", "[[a, "})
    EXPECT_THAT(rendered(repeated(part, 100000)), HasSubstr("nested more than 16 deep")) << part;
}

TEST(HostilePolicy, MayBeTooLong) {
  constexpr std::size_t longest = 1U << 20U;
  EXPECT_THAT(rendered("#" + std::string(longest, 'x')), HasSubstr("longer than 1 MiB"));
  EXPECT_THAT(rendered("#" + std::string(longest - 1, 'x')), IsEmpty());
}

TEST(HostilePolicy, MayBlowUpByAliases) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last +
            repeated(", " + last, 9) + "]\n";
  }
  EXPECT_THAT(rendered(bomb), HasSubstr("aliases make this too large"));

  std::string chain = "a0: &a0 []\n";
  for (int i = 1; i < 20000; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
             "]\n";
  }
  EXPECT_THAT(rendered(chain), HasSubstr("aliases make this too large"));
}

TEST(HostilePolicy, MayRepeatALongTextByAliases) {
  const std::string term = "[" + repeated("{a, 1},", 10000) + "b]";
  const std::string text = "instructions: [{at: last, up: [&term '" + term + "'";
  EXPECT_THAT(rendered(text + repeated(", *term", 10) + "]}]"), IsEmpty());
  EXPECT_THAT(rendered(text + repeated(", *term", 100000) + "]}]"),
              HasSubstr("aliases make this too large"));
}

TEST(HostilePolicy, MayNameItselfByAnAlias) {
  EXPECT_THAT(rendered("applications: &a {shop: *a}"),
              HasSubstr("an alias inside of what it names"));
}

TEST(HostilePolicy, MayHoldBytesThatAreNoText) {
  EXPECT_THAT(rendered("purge: s\xFFoft"), HasSubstr("1:9: error: a byte that is not valid UTF-8"));
  EXPECT_THAT(rendered(std::string("p\0u\0r\0g\0e\0", 10)), HasSubstr("a control character"));
  EXPECT_THAT(rendered("purge: soft\x04"), HasSubstr("1:12: error: a control character"));
}

TEST(HostilePolicy, MayHoldManyFaults) {
  EXPECT_EQ(read_policy("relup.yaml", repeated("k: v\n", 20000)).diagnostics.size(), 20000U);
}

TEST(HostilePolicy, MayHoldDeepTerms) {
  const std::string deep = "instructions: [{at: last, up: '" + repeated("{", 100000) + "'}]";
  EXPECT_THAT(rendered(deep), HasSubstr("terms nested more than 500 deep"));
}

}  // namespace
}  // namespace relup::policy
