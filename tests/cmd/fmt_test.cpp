// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gmock/gmock.h>

#include "cmd/workshop.hpp"

namespace relup::cmd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string loose = "{\"2.0\",[{\"1.0\",[{load_module,shop}]}],[]}.";
const std::string laid_out = "{\"2.0\",\n [{\"1.0\", [\n    {load_module, shop}]}],\n []}.\n";

class FmtVerb : public ::testing::Test {
 protected:
  FmtVerb() {
    workshop_.write("apps/a.appup", loose);
    workshop_.write("apps/b.appup", laid_out);
  }
  Answer fmt(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "fmt");
    return workshop_.call(arguments);
  }

  Workshop workshop_;
};

TEST_F(FmtVerb, WritesTheAppupsOfADirectory) {
  const Answer answer = fmt({"apps"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.messages, "formatted apps/a.appup\n");
  EXPECT_EQ(workshop_.read("apps/a.appup"), laid_out);
  EXPECT_THAT(fmt({"apps"}).messages, IsEmpty());
}

TEST_F(FmtVerb, CheckNamesThemAndWritesNothing) {
  const Answer answer = fmt({"apps", "--check"});
  EXPECT_EQ(answer.status, 1);
  EXPECT_EQ(answer.output, "apps/a.appup\n");
  EXPECT_EQ(workshop_.read("apps/a.appup"), loose);
  EXPECT_EQ(fmt({"apps/b.appup", "--check"}).status, 0);
}

TEST_F(FmtVerb, LeavesWhatDoesNotParseAndDoesTheRest) {
  workshop_.write("apps/0.appup", "{\"2.0\",\n [],,}.\n");
  const Answer answer = fmt({"apps"});
  EXPECT_EQ(answer.status, 3);
  EXPECT_THAT(answer.messages, HasSubstr("apps/0.appup:2:5: error: "));
  EXPECT_EQ(workshop_.read("apps/0.appup"), "{\"2.0\",\n [],,}.\n");
  EXPECT_EQ(workshop_.read("apps/a.appup"), laid_out);
}

TEST_F(FmtVerb, KeepsTheModeOfTheFileAndALinkToIt) {
  namespace fs = std::filesystem;
  const fs::path file = fs::path(workshop_.path()) / "apps/a.appup";
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("apps/a.appup", fs::path(workshop_.path()) / "link.appup");
  EXPECT_EQ(fmt({"link.appup"}).status, 0);
  EXPECT_EQ(workshop_.read("apps/a.appup"), laid_out);
  EXPECT_TRUE(fs::is_symlink(fs::path(workshop_.path()) / "link.appup"));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FmtVerb, CannotFormatNothing) {
  EXPECT_EQ(fmt({"nowhere.appup"}).status, 3);
  const Answer two = fmt({"-", "apps"});
  EXPECT_EQ(two.status, 2);
  EXPECT_THAT(two.messages, HasSubstr("`-` (standard input) cannot be given together with other"));
  EXPECT_EQ(fmt({}).status, 2);
}

TEST_F(FmtVerb, ReadsStandardInput) {
  const Answer empty = fmt({"-"});
  EXPECT_EQ(empty.status, 3);
  EXPECT_THAT(empty.messages, HasSubstr("standard input:1:1: error: "));
  Call call{{"fmt", "-"}};
  call.input = workshop_.path() + "/apps/a.appup";
  const Answer answer = workshop_.call(call);
  EXPECT_EQ(answer.output, laid_out);
  call.arguments.push_back("--check");
  EXPECT_EQ(workshop_.call(call).status, 1);
}

}  // namespace
}  // namespace relup::cmd
