// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gmock/gmock.h>

#include "cmd/workshop.hpp"
#include "support/golden.hpp"

namespace relup::cmd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* clean = "{\"2.0\", [{\"1.0\", [{load_module, shop}]}], [{\"1.0\", []}]}.\n";
constexpr const char* wrong =
    "{\"2.0\",\n"
    " [{\"1.0\", [restart]}],\n"
    " %% relup:allow RU003 nobody knows why\n"
    " [{\"1.0\", [restart]}]}.  %% relup:allow RU004\n";
constexpr const char* needless =
    "{\"2.0\",\n %% relup:allow RU004 it was there once\n [{\"1.0\", []}], [{\"1.0\", []}]}.\n";

class LintVerb : public ::testing::Test {
 protected:
  Workshop workshop_;
};

TEST_F(LintVerb, SaysNothingOfCleanFiles) {
  workshop_.write("shop.appup", clean);
  const Answer answer = workshop_.call({"lint", "shop.appup"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.output + answer.messages, IsEmpty());
  EXPECT_EQ(workshop_.call({"lint", "-v", "shop.appup"}).messages, "nothing found in 1 file\n");
}

TEST_F(LintVerb, CountsWhatItFinds) {
  workshop_.write("a/shop.appup", wrong);
  workshop_.write("a/till.appup", wrong);
  workshop_.write("a/bell.appup", clean);
  const Answer answer = workshop_.call({"lint", "a"});
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.output, StartsWith("a/shop.appup:2:12: error: "));
  EXPECT_EQ(answer.messages, "2 errors, 2 notes in 2 files\n");
  EXPECT_EQ(workshop_.call({"lint", "a", "-v"}).messages,
            "2 errors, 2 notes in 2 files\n2 findings allowed\n");
  EXPECT_THAT(workshop_.call({"lint", "a", "-q"}).messages, IsEmpty());
}

TEST_F(LintVerb, FailsFromASeverityOn) {
  workshop_.write("shop.appup", needless);
  EXPECT_EQ(workshop_.call({"lint", "shop.appup"}).status, 1);
  EXPECT_EQ(workshop_.call({"lint", "shop.appup", "--fail-on", "error"}).status, 0);
  workshop_.write("relup.yaml", "findings: {RU901: note}");
  EXPECT_EQ(workshop_.call({"lint", "shop.appup"}).status, 0);
  EXPECT_EQ(workshop_.call({"lint", "shop.appup", "--fail-on", "note"}).status, 1);
}

TEST_F(LintVerb, AnnotatesForGithub) {
  workshop_.write("shop.appup", wrong);
  const Answer answer = workshop_.call({"--format", "github", "lint", "shop.appup"});
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.output,
              HasSubstr("::error file=shop.appup,line=2,col=12,endLine=2,endColumn=19,title=relup "
                        "RU004 obsolete-restart::"));
  EXPECT_THAT(answer.messages, HasSubstr("1 error, "));
}

TEST_F(LintVerb, FixesAndSaysWhatRemains) {
  workshop_.write("shop.appup", needless);
  const Answer shown = workshop_.call({"lint", "shop.appup", "--fix", "--diff"});
  EXPECT_EQ(shown.status, 1);
  EXPECT_THAT(shown.output,
              HasSubstr("@@\n {\"2.0\",\n- %% relup:allow RU004 it was there once\n"));
  EXPECT_EQ(shown.messages, "would fix 1 finding in 1 file\n");
  EXPECT_EQ(workshop_.read("shop.appup"), needless);
  const Answer fixed = workshop_.call({"lint", "shop.appup", "--fix"});
  EXPECT_EQ(fixed.status, 0);
  EXPECT_EQ(fixed.messages, "fixed 1 finding in 1 file\n");
  EXPECT_EQ(workshop_.read("shop.appup"), "{\"2.0\",\n [{\"1.0\", []}], [{\"1.0\", []}]}.\n");
  const Answer again = workshop_.call({"lint", "shop.appup", "--fix"});
  EXPECT_EQ(again.status, 0);
  EXPECT_THAT(again.output + again.messages, IsEmpty());
}

TEST_F(LintVerb, ShowsADifferenceAsTextOnly) {
  workshop_.write("shop.appup", needless);
  const Answer answer =
      workshop_.call({"lint", "shop.appup", "--fix", "--diff", "--format", "json"});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.messages, HasSubstr("--diff has no --format but text"));
}

TEST_F(LintVerb, HoldsATreeAgainstAnother) {
  workshop_.call({"generate", "--from", "old", "--to", "new"});
  const Answer answer = workshop_.call({"lint", "new", "--from", "old", "--to", "new"});
  EXPECT_THAT(answer.output, Not(HasSubstr("error:")));
}

// A host keeps the versions before: their appups are for other ways.
TEST_F(LintVerb, HoldsOnlyTheAppupsOfTheNewReleaseAgainstThePair) {
  workshop_.call({"generate", "--from", "old", "--to", "new"});
  workshop_.write("new/lib/shop-1.0.0/ebin/shop.app",
                  workshop_.read("old/lib/shop-1.0.0/ebin/shop.app"));
  workshop_.write("new/lib/shop-1.0.0/ebin/shop.appup",
                  "{\"1.0.0\", [{\"0.9\", [restart]}], [{\"0.9\", []}]}.\n");
  const Answer answer = workshop_.call({"lint", "new", "--from", "old", "--to", "new"});
  EXPECT_THAT(answer.output, AllOf(HasSubstr("RU004"), Not(HasSubstr("RU105")),
                                   Not(HasSubstr("RU207")), Not(HasSubstr("RU106"))));
}

class ExplainVerb : public LintVerb {};

TEST_F(ExplainVerb, TellsARule) {
  const Answer answer = workshop_.call({"explain", "unexplained-allowance"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.output, AllOf(StartsWith("RU902 unexplained-allowance\nnote: "),
                                   HasSubstr("\nWhy it matters\n"), Not(HasSubstr("\033"))));
}

TEST_F(ExplainVerb, HasColourOnATerminalOnly) {
  Call call{{"explain", "RU902"}};
  call.output_columns = 60;
  call.environment = {"TERM=xterm"};
  EXPECT_THAT(workshop_.call(call).output, HasSubstr("\033[1mWhy it matters\033[0m"));
}

TEST_F(ExplainVerb, TellsWhatAFileDoes) {
  workshop_.call({"generate", "--from", "old", "--to", "new"});
  support::expect_golden("narration/explain-relup.txt",
                         workshop_.call({"explain", "new/releases/1.1.0/relup"}).output);
  support::expect_golden("narration/explain-appup.txt",
                         workshop_.call({"explain", "new/lib/shop-1.1.0/ebin/shop.appup"}).output);
}

TEST_F(ExplainVerb, ShowsWhyAFileCannotBeTold) {
  workshop_.write("shop.appup", "{\"2\", [{\"1\", [oops]}], [{\"1\", []}]}.");
  const Answer answer = workshop_.call({"explain", "shop.appup"});
  EXPECT_EQ(answer.status, 3);
  EXPECT_THAT(answer.output, HasSubstr("down from 2 to 1: 1 step\n"));
  EXPECT_THAT(answer.messages, HasSubstr("shop.appup:1:15: error: "));
  EXPECT_EQ(workshop_.call({"explain", "no/such/relup"}).status, 3);
}

TEST_F(LintVerb, ListsItsRules) {
  const Answer answer = workshop_.call({"rules"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.output, HasSubstr("  RU901  needless-allowance "));
}

// A template of an appup for the upgrade of the workshop, with its version as given. The purge of
// shop_price can be mended.
std::string template_of(const std::string& version) {
  return "{" + version +
         ",\n [{\"1.0.0\", [{load_module, shop_server}, {load_module, shop_price}]}],\n"
         " [{\"1.0.0\", [{load_module, shop_server}, {load_module, shop_price}]}]}.\n";
}

TEST_F(LintVerb, BindsTheVersionOfATemplateToThatOfTheRelease) {
  for (const char* version : {"VSN", "\"%VSN%\"", "\"{{vsn}}\"", "{{vsn}}"}) {
    workshop_.write("src/shop.appup.src", template_of(version));
    const Answer answer = workshop_.call({"lint", "src", "--from", "old", "--to", "new"});
    EXPECT_EQ(answer.status, 1) << version;
    EXPECT_THAT(answer.output, HasSubstr("has no instruction for shop_legacy (goes)"));
    EXPECT_THAT(answer.output, Not(HasSubstr("RU105"))) << version;
    EXPECT_THAT(answer.output, Not(HasSubstr("RU001"))) << version;
  }
}

TEST_F(LintVerb, LooksAtAPartOfAnAppupAlone) {
  workshop_.write("src/shop.appup.pre.src",
                  "{\"{{vsn}}\", [{\".*\", [restart]}], [{\".*\", []}]}.\n");
  const Answer answer = workshop_.call({"lint", "src", "--from", "old", "--to", "new"});
  EXPECT_THAT(answer.output, HasSubstr("RU004"));
  EXPECT_THAT(answer.output, Not(HasSubstr("RU103")));
  EXPECT_THAT(answer.output, Not(HasSubstr("no instruction for")));
}

TEST_F(LintVerb, FixesATemplateAndKeepsItsPlaceholder) {
  const std::string text =
      "{VSN,\n %% relup:allow RU004 it was there once\n"
      " [{\"1.0\", []}], [{\"1.0\", []}]}.\n";
  workshop_.write("shop.appup.src", text);
  EXPECT_EQ(workshop_.call({"lint", "shop.appup.src", "--fix"}).status, 0);
  EXPECT_EQ(workshop_.read("shop.appup.src"), "{VSN,\n [{\"1.0\", []}], [{\"1.0\", []}]}.\n");
}

TEST_F(LintVerb, ReadsAndFixesAnAppupInElixir) {
  workshop_.write("app/mix.exs", "def project, do: [app: :shop, version: \"1.1.0\"]\n");
  workshop_.write("app/lib/appup.ex", "defmodule Shop.Appup do\nend\n");
  workshop_.write("app/appup.exs",
                  "{\n  to_charlist(Mix.Project.config()[:version]),\n"
                  "  [{'1.0.0', [{:load_module, :shop_server}, {:update, :shop_same}]}],\n"
                  "  [{'1.0.0', [:restart_emulator]}]  # relup:allow RU201 all of it is restarted\n"
                  "}\n");
  const Answer answer = workshop_.call({"lint", "app", "--from", "old", "--to", "new"});
  EXPECT_THAT(answer.output, HasSubstr("app/appup.exs:3:"));
  EXPECT_THAT(answer.output, HasSubstr("has no instruction for shop_legacy (goes)"));
  EXPECT_THAT(answer.output, Not(HasSubstr("RU105")));
}

// A build makes the appup of the template, so that it is missing is no news beside what is wrong.
TEST_F(LintVerb, MissesNoAppupBesideItsTemplate) {
  workshop_.write("src/shop.appup.src", "Vsn = \"1.1.0\", {Vsn, [], []}.\n");
  const Answer answer = workshop_.call({"lint", "src", "--from", "old", "--to", "new"});
  EXPECT_THAT(answer.output, HasSubstr("RU001"));
  EXPECT_THAT(answer.output, Not(HasSubstr("RU206")));
  EXPECT_EQ(answer.messages, "1 error in 1 file\n");
}

TEST_F(LintVerb, FollowsLinksOnce) {
  workshop_.write("apps/shop/ebin/shop.appup", wrong);
  const std::filesystem::path root = workshop_.path();
  std::filesystem::create_directories(root / "rel/lib");
  std::filesystem::create_directory_symlink(root / "apps/shop", root / "rel/lib/shop-2.0");
  std::filesystem::create_directory_symlink(root / "rel", root / "apps/shop/again");
  const Answer answer = workshop_.call({"lint", "rel"});
  EXPECT_THAT(answer.output, StartsWith("rel/lib/shop-2.0/ebin/shop.appup:2:12: error: "));
  EXPECT_EQ(answer.messages, "1 error, 1 note in 1 file\n");
}

}  // namespace
}  // namespace relup::cmd
