// SPDX-License-Identifier: Apache-2.0
//
// How the verbs write their files: through links, with the mode that is there, and while another
// relup writes the same ones.

#include <algorithm>
#include <filesystem>
#include <future>

#include <gmock/gmock.h>

#include "cmd/workshop.hpp"

namespace relup::cmd {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Replace : public ::testing::Test {
 protected:
  fs::path at(const std::string& name) const { return fs::path(workshop_.path()) / name; }

  // Puts the file into the folder `kept`, readable by its owner only, and a link in its place.
  void move_behind_link(const std::string& name) const {
    const fs::path kept = at("kept") / fs::path(name).filename();
    fs::create_directory(at("kept"));
    fs::rename(at(name), kept);
    fs::permissions(kept, fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink(kept, at(name));
  }

  void expect_link_kept(const std::string& name) const {
    EXPECT_TRUE(fs::is_symlink(at(name))) << name;
    const fs::path kept = at("kept") / fs::path(name).filename();
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(kept))) << kept;
    EXPECT_EQ(fs::status(kept).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }

  std::vector<std::string> names_in(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(at(folder)))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  Workshop workshop_;
};

TEST_F(Replace, FmtWritesWhatALinkLeadsTo) {
  workshop_.write("shop.appup", "{\"2.0\",[{\"1.0\",[{load_module,shop}]}],[]}.");
  move_behind_link("shop.appup");
  EXPECT_EQ(workshop_.call({"fmt", "shop.appup"}).messages, "formatted shop.appup\n");
  EXPECT_THAT(workshop_.read("kept/shop.appup"), StartsWith("{\"2.0\",\n [{\"1.0\", [\n"));
  expect_link_kept("shop.appup");
}

TEST_F(Replace, LintWritesWhatALinkLeadsTo) {
  workshop_.write("shop.appup", "{\"2.0\",\n %% relup:allow RU004 it was there once\n [], []}.\n");
  move_behind_link("shop.appup");
  const Answer answer = workshop_.call({"lint", "shop.appup", "--fix"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.messages, "fixed 1 finding in 1 file\n");
  EXPECT_EQ(workshop_.read("kept/shop.appup"), "{\"2.0\",\n [], []}.\n");
  expect_link_kept("shop.appup");
}

TEST_F(Replace, GenerateWritesWhatALinkLeadsTo) {
  const std::string appup = "new/lib/shop-1.1.0/ebin/shop.appup";
  const std::string relup = "new/releases/1.1.0/relup";
  workshop_.call({"generate", "--from", "old", "--to", "new", "--include-rebuilt"});
  for (const std::string& file : {appup, relup})
    move_behind_link(file);
  const Answer answer = workshop_.call({"generate", "--from", "old", "--to", "new"});
  EXPECT_EQ(answer.messages, "wrote " + appup + "\nwrote " + relup + "\n");
  for (const char* file : {"kept/shop.appup", "kept/relup"}) {
    EXPECT_THAT(workshop_.read(file), AllOf(HasSubstr("shop_server"), Not(HasSubstr("shop_same"))));
  }
  expect_link_kept(appup);
  expect_link_kept(relup);
}

TEST_F(Replace, CompileWritesWhatALinkLeadsTo) {
  workshop_.call({"generate", "--from", "old", "--to", "new"});
  workshop_.write("out/relup", "");
  move_behind_link("out/relup");
  const Answer answer = workshop_.call({"compile", "new/releases/1.1.0/shop.rel", "--from",
                                        "old/releases/1.0.0/shop.rel", "--path", "new/lib/*/ebin",
                                        "old/lib/*/ebin", "--outdir", "out"});
  EXPECT_EQ(answer.messages, "wrote out/relup\n");
  EXPECT_EQ(workshop_.read("kept/relup"), workshop_.read("new/releases/1.1.0/relup"));
  expect_link_kept("out/relup");
}

TEST_F(Replace, ALinkToNothingIsSaid) {
  fs::create_directory(at("out"));
  fs::create_symlink("nowhere", at("out/relup"));
  const Answer answer =
      workshop_.call({"generate", "--from", "old", "--to", "new", "--out", "out"});
  EXPECT_EQ(answer.status, 3);
  EXPECT_THAT(answer.messages, HasSubstr("cannot write out/relup: it is a symbolic link to "
                                         "out/nowhere, which is missing"));
  EXPECT_THAT(names_in("out"), ElementsAre("relup", "shop-1.1.0.appup"));
}

TEST_F(Replace, GenerateMayRunTwiceAtOnce) {
  constexpr int rounds = 12;
  for (int round = 0; round < rounds; ++round) {
    fs::remove_all(at("out"));
    std::vector<std::future<Answer>> answers;
    for (int i = 0; i < 4; ++i) {
      answers.push_back(std::async(std::launch::async, [this] {
        return workshop_.call({"generate", "--from", "old", "--to", "new", "--out", "out"});
      }));
    }
    for (auto& answer : answers) {
      const Answer got = answer.get();
      EXPECT_EQ(got.status, 0) << got.messages;
    }
    EXPECT_THAT(names_in("out"), ElementsAre("relup", "shop-1.1.0.appup"));
  }
}

}  // namespace
}  // namespace relup::cmd
