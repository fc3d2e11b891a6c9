// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gmock/gmock.h>

#include "cmd/workshop.hpp"

namespace relup::cmd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class CompileVerb : public ::testing::Test {
 protected:
  CompileVerb() { workshop_.call({"generate", "--from", "old", "--to", "new"}); }

  Answer compile(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"compile", "new/releases/1.1.0/shop.rel", "--path",
                                       "new/lib/*/ebin", "old/lib/*/ebin"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return workshop_.call(arguments);
  }

  Workshop workshop_;
};

const std::string base = "old/releases/1.0.0/shop.rel";

TEST_F(CompileVerb, WritesTheRelupThatGenerateWrote) {
  workshop_.write("out/here", "");
  const Answer answer = compile({"--from", base, "--outdir", "out"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.output, IsEmpty());
  EXPECT_THAT(answer.messages, HasSubstr("wrote out/relup\n"));
  EXPECT_EQ(workshop_.read("out/relup"), workshop_.read("new/releases/1.1.0/relup"));
}

TEST_F(CompileVerb, WithoutAnOutputDirectoryFailsAsOtpDoes) {
  const Answer answer = compile({"--from", base, "--outdir", "missing", "-v"});
  EXPECT_EQ(answer.status, 3);
  EXPECT_THAT(answer.messages,
              AllOf(HasSubstr("missing/relup"), HasSubstr("No such file or directory"),
                    HasSubstr("--outdir names a directory that exists"),
                    HasSubstr("OTP: {error,systools_relup,{file_problem,"
                              "{\"relup\",{open,enoent}}}}")));
  EXPECT_FALSE(workshop_.exists("missing/relup"));
}

// As OTP 25 answers where `file:open/2` refuses the file to write.
TEST_F(CompileVerb, WhereItCannotWriteItSaysWhy) {
  namespace fs = std::filesystem;
  const fs::path here = workshop_.path();
  fs::create_directories(here / "folder/relup");
  fs::create_directory(here / "circle");
  fs::create_symlink("relup", here / "circle/relup");
  const std::pair<std::string, std::string> cases[] = {{"folder", "eisdir"},
                                                       {"circle", "eloop"},
                                                       {base, "enotdir"},
                                                       {std::string(300, 'a'), "enametoolong"}};
  for (const auto& [directory, posix] : cases) {
    const Answer answer = compile({"--from", base, "--outdir", directory, "-v"});
    EXPECT_EQ(answer.status, 3);
    EXPECT_THAT(answer.messages, HasSubstr("OTP: {error,systools_relup,{file_problem,{\"relup\","
                                           "{open," +
                                           posix + "}}}}"));
  }
}

TEST_F(CompileVerb, DryRunPrintsAndWritesNothing) {
  const Answer answer = compile({"--from", base, "--dry-run"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.output, workshop_.read("new/releases/1.1.0/relup"));
  EXPECT_FALSE(workshop_.exists("relup"));
}

TEST_F(CompileVerb, WarningsFailOnlyWhenAskedTo) {
  workshop_.write("new/lib/shop-1.1.0/ebin/shop.appup",
                  "{\"1.1\", [{\"1.0.0\", []}], [{\"1.0.0\", []}]}.\n");
  const Answer lenient = compile({"--from", base, "--dry-run"});
  EXPECT_EQ(lenient.status, 0);
  EXPECT_THAT(lenient.messages, HasSubstr("warning: "));
  const Answer strict = compile({"--from", base, "--warnings-as-errors"});
  EXPECT_EQ(strict.status, 3);
  EXPECT_THAT(strict.messages, HasSubstr("error: "));
  EXPECT_FALSE(workshop_.exists("relup"));
  EXPECT_THAT(compile({"--from", base, "--dry-run", "-q"}).messages, IsEmpty());
}

TEST_F(CompileVerb, ADescriptionIsATerm) {
  EXPECT_THAT(compile({"--from", base + "=\"spring release\"", "--dry-run"}).output,
              AllOf(HasSubstr("[{\"1.0.0\",\"spring release\","), HasSubstr("{\"1.1.0\",")));
  EXPECT_THAT(compile({"--from", base + "={v,[1,2]}", "--dry-run"}).output,
              HasSubstr("{\"1.0.0\",\n   {v,[1,2]},"));
}

TEST_F(CompileVerb, ABadDescriptionIsAWrongCall) {
  for (const char* description : {"{bad", "", "a b", "\"open", "a. b"}) {
    const Answer answer = compile({"--from", base + "=" + description, "--dry-run"});
    EXPECT_EQ(answer.status, 2) << description << answer.output;
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_THAT(answer.messages, AllOf(StartsWith("relup: error: the description of " + base),
                                       HasSubstr("hint: a description is an Erlang term")));
  }
}

TEST_F(CompileVerb, OneDirectionOnly) {
  const std::string up = compile({"--up-from", base, "--dry-run"}).output;
  EXPECT_THAT(up, AllOf(HasSubstr("{\"1.1.0\",\n [{\"1.0.0\",[],"), HasSubstr(" []}.\n")));
  const std::string down = compile({"--down-to", base, "--dry-run"}).output;
  EXPECT_THAT(down, HasSubstr("{\"1.1.0\",[],\n [{\"1.0.0\",[],"));
}

TEST_F(CompileVerb, RestartEmulatorIsTheLastStep) {
  EXPECT_THAT(compile({"--from", base, "--restart-emulator", "--dry-run"}).output,
              HasSubstr("restart_emulator]}],"));
}

TEST_F(CompileVerb, TheOtpVersionDecidesWhereTheyDiffer) {
  std::string app = workshop_.read("new/lib/shop-1.1.0/ebin/shop.app");
  const std::string key = "{registered, []}";
  app.replace(app.find(key), key.size(), "{registered, [shop, shop]}");
  workshop_.write("new/lib/shop-1.1.0/ebin/shop.app", app);
  EXPECT_THAT(compile({"--from", base, "--otp", "26", "--dry-run"}).messages,
              HasSubstr("duplicate-entry"));
  EXPECT_EQ(compile({"--from", base, "--otp", "24"}).status, 2);
}

}  // namespace
}  // namespace relup::cmd
