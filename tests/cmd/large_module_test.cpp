// SPDX-License-Identifier: Apache-2.0
//
// What people are told of a module that is too large to be read.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cmd/workshop.hpp"
#include "support/compiled_modules.hpp"

namespace relup::cmd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* note =
    "shop_sup is too large to be read in full: what is said of its state and of the children that "
    "it lists may not be all";

// Its child has an id of 2^40 atoms.
std::string supervisor(const std::string& option, const std::string& child) {
  std::string text = "-module(shop_sup).\n-behaviour(supervisor).\n" + option +
                     "-export([init/1]).\ninit(_) -> {ok, {#{}, [#{id => x40(), start => {" +
                     child + ", go, []}}]}}.\nx0() -> a.\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string half = "x" + std::to_string(i - 1) + "()";
    text += "x" + std::to_string(i) + "() -> {" + half + ", " + half + "}.\n";
  }
  return text;
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"old/shop_sup", supervisor("-compile(debug_info).\n", "old")},
      {"new/shop_sup", supervisor("-compile(debug_info).\n", "new")},
      {"old_stripped/shop_sup", supervisor("", "old")},
      {"new_stripped/shop_sup", supervisor("", "new")},
  });
  return modules;
}

class LargeModule : public ::testing::TestWithParam<const char*> {
 protected:
  LargeModule() {
    const std::string kind = GetParam();
    support::SampleRelease old_release = old_shop();
    support::SampleRelease new_release = new_shop();
    old_release.applications[0].modules["shop_sup"] = compiled().at("old" + kind + "/shop_sup");
    new_release.applications[0].modules["shop_sup"] = compiled().at("new" + kind + "/shop_sup");
    support::write_release(real_file_system(), workshop_.path() + "/old", old_release);
    support::write_release(real_file_system(), workshop_.path() + "/new", new_release);
  }

  // With all white space made one blank, for text is wrapped.
  std::string said(std::vector<std::string> arguments) const {
    const Answer answer = workshop_.call(std::move(arguments));
    EXPECT_EQ(answer.status, 0) << answer.messages;
    std::istringstream words(answer.output + " " + answer.messages);
    std::string text;
    for (std::string word; words >> word;)
      text += (text.empty() ? "" : " ") + word;
    return text;
  }

  Workshop workshop_;
};

TEST_P(LargeModule, IsNotedByDiff) {
  EXPECT_THAT(said({"diff", "old", "new"}),
              AllOf(HasSubstr(note), HasSubstr("what lists its children changed, and is too large"),
                    Not(HasSubstr("would break"))));
  const auto document =
      nlohmann::json::parse(said({"--format", "json", "diff", "old", "new"}), nullptr, false);
  ASSERT_EQ(document["diagnostics"].size(), 1U);
  EXPECT_EQ(document["diagnostics"][0]["severity"], "note");
  EXPECT_EQ(document["diagnostics"][0]["message"], note);
}

TEST_P(LargeModule, IsNotedByGenerate) {
  EXPECT_THAT(said({"generate", "--from", "old", "--to", "new"}),
              AllOf(HasSubstr(note), HasSubstr("shop_sup may list other children: what lists them "
                                               "changed, and it is too large to be read")));
}

TEST_P(LargeModule, IsNotedByLint) {
  said({"generate", "--from", "old", "--to", "new"});
  EXPECT_THAT(said({"lint", "new", "--from", "old", "--to", "new"}), HasSubstr(note));
}

INSTANTIATE_TEST_SUITE_P(All, LargeModule, ::testing::Values("", "_stripped"),
                         [](const auto& test) {
                           return test.param[0] == '\0' ? "WithDebugInformation" : "Stripped";
                         });

}  // namespace
}  // namespace relup::cmd
