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
using ::testing::StartsWith;

const std::string appup = "new/lib/shop-1.1.0/ebin/shop.appup";
const std::string relup = "new/releases/1.1.0/relup";

class GenerateVerb : public ::testing::Test {
 protected:
  Answer generate(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"generate", "--from", "old", "--to", "new"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return workshop_.call(arguments);
  }

  Workshop workshop_;
};

TEST_F(GenerateVerb, WritesIntoTheTreeOfTheNewRelease) {
  const Answer answer = generate();
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.messages, "wrote " + appup + "\nwrote " + relup + "\n");
  EXPECT_THAT(workshop_.read(appup), HasSubstr("{update, shop_server, dynamic, default, "
                                               "{advanced, []}, soft_purge, soft_purge, []}"));
  EXPECT_THAT(workshop_.read(relup), StartsWith("%% coding: utf-8\n{\"1.1.0\",\n [{\"1.0.0\","));
}

TEST_F(GenerateVerb, TwiceChangesNothing) {
  generate();
  const std::string first = workshop_.read(appup) + workshop_.read(relup);
  const Answer again = generate();
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(again.messages, "everything is up to date\n");
  EXPECT_EQ(workshop_.read(appup) + workshop_.read(relup), first);
  EXPECT_EQ(generate({"--check"}).status, 0);
}

TEST_F(GenerateVerb, CheckWritesNothing) {
  const Answer answer = generate({"--check"});
  EXPECT_EQ(answer.status, 1);
  EXPECT_EQ(answer.messages, "not up to date: " + appup + "\nnot up to date: " + relup + "\n");
  EXPECT_FALSE(workshop_.exists(appup));
  EXPECT_FALSE(workshop_.exists(relup));
}

TEST_F(GenerateVerb, DryRunPrintsWhatWouldBeWritten) {
  const Answer answer = generate({"--dry-run"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_FALSE(workshop_.exists(appup));
  generate();
  EXPECT_EQ(answer.output, "==> " + appup + "\n" + workshop_.read(appup) + "\n==> " + relup + "\n" +
                               workshop_.read(relup) + "\n");
}

TEST_F(GenerateVerb, AnEditedAppupStaysAndItsInstructionsCount) {
  generate();
  std::string edited = workshop_.read(appup);
  const std::string call = "{load_module, shop_price, soft_purge, soft_purge, []}";
  edited.replace(edited.find(call), call.size(), call + ", {apply, {shop_price, tax, []}}");
  workshop_.write(appup, edited);
  const Answer answer = generate();
  EXPECT_EQ(answer.status, 0) << answer.messages;
  EXPECT_THAT(answer.messages, HasSubstr("kept " + appup + ", which was written by hand\n"));
  EXPECT_EQ(workshop_.read(appup), edited);
  EXPECT_THAT(workshop_.read(relup), HasSubstr("{apply,{shop_price,tax,[]}}"));
}

// Generates while shop_price is still as it was, has somebody add `instruction`, and lets
// shop_price change then.
std::string edit_before_a_change(const Workshop& workshop, const std::string& instruction) {
  support::SampleRelease before = new_shop();
  before.applications[0].modules["shop_price"] = old_shop().applications[0].modules["shop_price"];
  support::write_release(real_file_system(), workshop.path() + "/new", before);
  workshop.call({"generate", "--from", "old", "--to", "new"});
  std::string edited = workshop.read(appup);
  const std::string server = "{update, shop_server";
  edited.replace(edited.find(server), server.size(), instruction + ", %% mine\n    " + server);
  workshop.write(appup, edited);
  support::write_release(real_file_system(), workshop.path() + "/new", new_shop());
  return edited;
}

TEST_F(GenerateVerb, AnEditedAppupIsBroughtUpToDate) {
  edit_before_a_change(workshop_, "{apply, {shop_price, tax, []}}");
  const Answer check = generate({"--check"});
  EXPECT_EQ(check.status, 1);
  EXPECT_EQ(check.messages, "not up to date: " + appup + "\nnot up to date: " + relup + "\n");
  const Answer answer = generate();
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.messages, "merged " + appup + ": your edits were kept\nwrote " + appup +
                                 "\nwrote " + relup + "\n");
  const std::string merged = workshop_.read(appup);
  EXPECT_THAT(merged, AllOf(HasSubstr("{apply, {shop_price, tax, []}}, %% mine\n"),
                            HasSubstr("{load_module, shop_price, soft_purge, soft_purge, []}")));
  EXPECT_THAT(workshop_.read(relup), HasSubstr("{apply,{shop_price,tax,[]}}"));
  EXPECT_EQ(generate({"--check"}).status, 0);
  EXPECT_EQ(workshop_.read(appup), merged);
}

TEST_F(GenerateVerb, AConflictWritesNothing) {
  const std::string edited = edit_before_a_change(workshop_, "{load_module, shop_price}");
  const std::string relup_before = workshop_.read(relup);
  const Answer answer = generate();
  EXPECT_EQ(answer.status, 3);
  EXPECT_THAT(answer.messages,
              AllOf(HasSubstr(appup + ":8:5: error: an instruction was added for shop_price in the "
                                      "upgrade from 1.0.0, and relup would add another one "
                                      "[appup-conflict]"),
                    HasSubstr("= the file has {load_module, shop_price}\n"),
                    HasSubstr("= relup would write {load_module, shop_price, soft_purge, "),
                    HasSubstr("`%% relup:keep shop_price`")));
  EXPECT_EQ(workshop_.read(appup), edited);
  EXPECT_EQ(workshop_.read(relup), relup_before);
}

TEST_F(GenerateVerb, AnAppupThatWasEditedInAFolderStays) {
  generate({"--out", "out"});
  const std::string path = "out/shop-1.1.0.appup";
  const std::string edited = workshop_.read(path) + "%% mine\n";
  workshop_.write(path, edited);
  EXPECT_THAT(generate({"--out", "out"}).messages, HasSubstr("kept " + path));
  EXPECT_EQ(workshop_.read(path), edited);
}

TEST_F(GenerateVerb, AFolderOfAppupsWins) {
  generate();
  const std::string mine =
      "{\"1.1.0\", [{\"1.0.0\", [{load_module, shop_price}]}], "
      "[{\"1.0.0\", []}]}.\n";
  workshop_.write("appups/shop.appup", mine);
  const Answer answer = generate({"--appups", "appups"});
  EXPECT_THAT(answer.messages, HasSubstr("kept appups/shop.appup"));
  EXPECT_EQ(workshop_.read(appup), mine);
  workshop_.write("appups/shop-1.1.0.appup", "{\"1.1.0\", [], []}.\n");
  EXPECT_THAT(generate({"--appups", "appups"}).messages, HasSubstr("appups/shop-1.1.0.appup"));
}

TEST_F(GenerateVerb, IntoAFolderTheTreeStaysAsItIs) {
  const Answer answer = generate({"--out", "out"});
  EXPECT_EQ(answer.messages, "wrote out/shop-1.1.0.appup\nwrote out/relup\n");
  EXPECT_FALSE(workshop_.exists(appup));
  EXPECT_FALSE(workshop_.exists(relup));
}

TEST_F(GenerateVerb, FromATarballAndToATarball) {
  EXPECT_EQ(workshop_.call({"pack", "old", "-o", "old.tar.gz"}).status, 0);
  EXPECT_EQ(workshop_.call({"pack", "new", "-o", "new.tar.gz"}).status, 0);
  const Answer refused = workshop_.call({"generate", "--from", "old.tar.gz", "--to", "new.tar.gz"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.messages, AllOf(HasSubstr("cannot write into the tarball new.tar.gz"),
                                      HasSubstr("hint: name a directory with --out")));
  EXPECT_EQ(workshop_
                .call({"generate", "--from", "old.tar.gz", "--to", "new.tar.gz", "--out",
                       "from_tarballs"})
                .status,
            0);
  generate({"--out", "from_trees"});
  EXPECT_EQ(workshop_.read("from_tarballs/relup"), workshop_.read("from_trees/relup"));
}

TEST_F(GenerateVerb, AnAppupOfSomebodysOwnIsHeldAgainstTheTrees) {
  workshop_.write(
      "appups/shop.appup",
      "{\"1.1.0\",\n [{\"1.0.0\", [{load_module, shop_price},\n"
      "   {load_module, shop_server}, {load_module, shop_stats},\n"
      "   {load_module, shop_imagined}]}],\n [{\"1.0.0\", [{restart_application, shop}]}]}.\n");
  const Answer answer = generate({"--appups", "appups", "--dry-run"});
  EXPECT_THAT(answer.messages,
              AllOf(HasSubstr("appups/shop.appup:2:13: warning: the way up from \"1.0.0\" has no "
                              "instruction for shop_legacy, which is removed"),
                    HasSubstr("appups/shop.appup:4:4: warning: the way up from \"1.0.0\" names "
                              "shop_imagined, which did not change"),
                    ::testing::Not(HasSubstr("down to"))));
}

TEST_F(GenerateVerb, WishesAreReadFromRelupYaml) {
  workshop_.write("relup.yaml", "purge: brutal\n");
  EXPECT_THAT(generate({"--dry-run"}).output,
              HasSubstr("{load_module, shop_price, brutal_purge, brutal_purge, []}"));
  workshop_.write("other.yaml", "purge: hard\n");
  const Answer answer =
      workshop_.call({"--config", "other.yaml", "generate", "--from", "old", "--to", "new"});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.messages, HasSubstr("other.yaml:1:8: error: "));
  EXPECT_FALSE(workshop_.exists(relup));
}

TEST_F(GenerateVerb, ExplainsItselfWhenAskedTo) {
  workshop_.write("relup.yaml", "leave_alone: [shop_price]\n");
  for (const int columns : {80, 40}) {
    const std::string out = "out" + std::to_string(columns);
    Call call{{"generate", "-v", "--from", "old", "--to", "new", "--out", out}};
    call.message_columns = columns;
    call.environment = {"TERM=xterm", "NO_COLOR=1"};
    support::expect_golden("generate/explained-" + std::to_string(columns) + ".txt",
                           workshop_.call(call).messages);
  }
  EXPECT_THAT(generate({"--dry-run"}).messages, IsEmpty());
}

TEST_F(GenerateVerb, ExplainsTheRestartOfAnApplication) {
  workshop_.write("relup.yaml", "applications: {shop: {change: restart}}\n");
  EXPECT_THAT(generate({"-v", "--dry-run"}).messages,
              HasSubstr("shop 1.0.0 -> 1.1.0\n"
                        "  shop  {restart_application,shop}: relup.yaml says so\n"
                        "shop 1.1.0 -> 1.0.0\n"
                        "  shop  {restart_application,shop}: relup.yaml says so\n"));
}

TEST_F(GenerateVerb, ChangedCodeUnderTheSameVersionWritesNothing) {
  support::SampleRelease same = new_shop();
  same.applications[0].version = "1.0.0";
  support::write_release(real_file_system(), workshop_.path() + "/same", same);
  const Answer answer = workshop_.call({"generate", "--from", "old", "--to", "same"});
  EXPECT_EQ(answer.status, 3);
  EXPECT_THAT(answer.messages, AllOf(HasSubstr("same-version-changed-code]"),
                                     HasSubstr("raise the version of shop")));
  EXPECT_FALSE(workshop_.exists("same/releases/1.1.0/relup"));
  EXPECT_THAT(answer.output, IsEmpty());
}

constexpr const char* by_hand =
    "[{\"1.0.0\", [{load_module, shop_server}, {load_module, shop_price}, {add_module, "
    "shop_stats}, "
    "{delete_module, shop_legacy}]}],\n"
    " [{\"1.0.0\", [{load_module, shop_server}, {load_module, shop_price}, {delete_module, "
    "shop_stats}, {add_module, shop_legacy}]}]}.\n";

TEST_F(GenerateVerb, TakesHandWrittenAppupsInAllTheirForms) {
  const std::string text = std::string("{VSN, ") + by_hand;
  for (const std::string name : {"shop.appup.src", "shop.appup.src.script", "shop.appup.in"}) {
    workshop_.write("own/" + name, text);
    const Answer answer = generate({"--appups", "own", "--out", "out-" + name});
    EXPECT_EQ(answer.status, 0) << answer.messages;
    EXPECT_THAT(answer.messages, HasSubstr("kept own/" + name));
    EXPECT_EQ(workshop_.read("out-" + name + "/shop-1.1.0.appup"),
              std::string("{\"1.1.0\", ") + by_hand);
    std::filesystem::remove_all(workshop_.path() + "/own");
  }
}

TEST_F(GenerateVerb, TakesAppupsThatAreCalledAfterTheirVersions) {
  workshop_.write("rel/appups/shop/1.0.0_to_1.1.0.appup", std::string("{\"1.1.0\", ") + by_hand);
  workshop_.write("rel/appups/shop/0.9.0_to_1.1.0.appup", "{\"1.1.0\", [], []}.\n");
  const Answer answer = generate({"--appups", "rel/appups"});
  EXPECT_EQ(answer.status, 0) << answer.messages;
  EXPECT_THAT(answer.messages, HasSubstr("kept rel/appups/shop/1.0.0_to_1.1.0.appup"));
  EXPECT_THAT(workshop_.read(appup), HasSubstr("{delete_module, shop_legacy}"));
}

TEST_F(GenerateVerb, WantsTheFolderOfAppups) {
  const Answer answer = generate({"--appups", "missing"});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.messages, HasSubstr("there is no folder missing"));
}

TEST_F(GenerateVerb, SaysThatTheVersionWasNotRaised) {
  const Answer answer = workshop_.call({"generate", "--from", "new", "--to", "new"});
  EXPECT_NE(answer.status, 0);
  EXPECT_THAT(answer.messages, HasSubstr("1.1.0: the version was not raised"));
}

TEST_F(GenerateVerb, WantsTheNamesOfThePolicyToBeThere) {
  workshop_.write("relup.yaml", "applications:\n  shoop:\n    change: restart\n");
  Answer answer = generate();
  EXPECT_NE(answer.status, 0);
  EXPECT_THAT(answer.messages, AllOf(HasSubstr("the application shoop"), HasSubstr("shop meant?")));
  workshop_.write(
      "relup.yaml",
      "applications:\n  shop:\n    modules:\n      shop_prise:\n        change: load\n");
  answer = generate();
  EXPECT_NE(answer.status, 0);
  EXPECT_THAT(answer.messages, HasSubstr("the module shop_prise in shop"));
  workshop_.write("relup.yaml", "findings: {missed-modul: note}\n");
  answer = generate();
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.messages,
              AllOf(HasSubstr("`missed-modul`"), HasSubstr("`missed-module` meant?")));
}

TEST_F(GenerateVerb, ExplainsItsFindings) {
  for (const char* name : {"state-change", "restart-application", "same-version-changed-code",
                           "shared-entry", "supervision", "appup-version"}) {
    EXPECT_EQ(workshop_.call({"explain", name}).status, 0) << name;
  }
}

}  // namespace
}  // namespace relup::cmd
