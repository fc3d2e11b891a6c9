// SPDX-License-Identifier: Apache-2.0
#include "release/resolved_release.hpp"

#include <gmock/gmock.h>

#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/printer.hpp"

namespace relup::release {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ResolvedReleaseTest : public ::testing::Test {
 protected:
  ResolvedReleaseTest() {
    support::write_release(files_, "/root", {"1", {{"shop", "1"}, {"till", "1"}}});
  }

  std::optional<ResolvedRelease> read(const std::string& name = "/root/releases/1/shop") {
    problems_.clear();
    ReleaseReader reader(files_, path_, {});
    return reader.read(name, problems_);
  }

  // The reasons, as far as OTP would report: the first one.
  std::string reason() const { return problems_.empty() ? "" : print(problems_.front().reason); }

  support::MemoryFileSystem files_;
  std::vector<std::string> path_{"/root/lib/*/ebin"};
  Problems problems_;
};

TEST_F(ResolvedReleaseTest, FindsTheApplicationsOnThePath) {
  const auto release = read();
  ASSERT_TRUE(release);
  EXPECT_THAT(problems_, IsEmpty());
  std::vector<std::string> directories;
  for (const Application& application : release->applications)
    directories.push_back(application.file.directory);
  EXPECT_THAT(directories, ElementsAre("/root/lib/kernel-8.5.3/ebin", "/root/lib/stdlib-4.2/ebin",
                                       "/root/lib/sasl-4.2/ebin", "/root/lib/shop-1/ebin",
                                       "/root/lib/till-1/ebin"));
}

TEST_F(ResolvedReleaseTest, TheFirstDirectoryOfTheWantedVersionWins) {
  support::write_file(files_, "/a/shop.app", support::app_file_text({"shop", "0.9"}));
  support::write_file(files_, "/b/shop.app", support::app_file_text({"shop", "1"}));
  path_ = {"/a", "/b", "/root/lib/*/ebin"};
  EXPECT_EQ(read()->find(Atom("shop"))->file.directory, "/b");
}

TEST_F(ResolvedReleaseTest, ARelFileIsLookedForAlongThePath) {
  path_.push_back("/root/releases/1");
  EXPECT_TRUE(read("shop"));
  EXPECT_FALSE(read("other"));
  EXPECT_EQ(reason(), "{not_found,\"other.rel\"}");
}

TEST_F(ResolvedReleaseTest, AllFaultyApplicationsAreReportedTheLastOneFirst) {
  files_.remove_file("/root/lib/till-1/ebin/till.app");
  support::write_file(files_, "/root/lib/shop-1/ebin/shop.app",
                      support::app_file_text({"shop", "2"}));
  EXPECT_FALSE(read());
  ASSERT_EQ(problems_.size(), 2U);
  EXPECT_THAT(reason(), HasSubstr("[{error_reading,{till,{not_found,\"till.app\"}}},"
                                  "{error_reading,{shop,{no_valid_version,"));
  EXPECT_EQ(problems_[1].diagnostic.rule, "application-version");
}

TEST_F(ResolvedReleaseTest, AnAppFileThatDoesNotParseIsReportedUnlessABetterOneComes) {
  support::write_file(files_, "/a/shop.app", "{application, shop, [}.");
  path_.insert(path_.begin(), "/a");
  EXPECT_TRUE(read());
  files_.remove_file("/root/lib/shop-1/ebin/shop.app");
  EXPECT_FALSE(read());
  EXPECT_THAT(reason(), HasSubstr("{error_reading,{shop,{parse_error,{\"/a/shop.app\",1,"));
}

// OTP 25: what `file:open/2` refuses in one directory is as good as missing there.
TEST_F(ResolvedReleaseTest, AnAppFileThatCannotBeOpenedIsPassedOver) {
  path_.insert(path_.begin(), {"/loop", "/dir", "/dangling", "/forbidden"});
  files_.add_symlink("/loop/shop.app", "shop.app");
  files_.add_directory("/dir/shop.app");
  files_.add_symlink("/dangling/shop.app", "nowhere");
  support::write_file(files_, "/forbidden/shop.app", support::app_file_text({"shop", "1"}));
  files_.forbid("/forbidden/shop.app");
  EXPECT_EQ(read()->find(Atom("shop"))->file.directory, "/root/lib/shop-1/ebin");
  files_.remove_file("/root/lib/shop-1/ebin/shop.app");
  EXPECT_FALSE(read());
  EXPECT_EQ(reason(), "[{error_reading,{shop,{not_found,\"shop.app\"}}}]");
  EXPECT_THAT(problems_.front().diagnostic.message,
              HasSubstr("cannot open /forbidden/shop.app: Permission denied"));
}

// OTP 25: `file:path_open/3` goes on after enoent and enotdir only.
TEST_F(ResolvedReleaseTest, ARelFileThatCannotBeOpenedEndsTheSearch) {
  path_.insert(path_.begin(), {"/first", "/root/releases/1"});
  files_.add_symlink("/first/shop.rel", "nowhere");
  EXPECT_TRUE(read("shop"));
  files_.remove_file("/first/shop.rel");
  files_.add_symlink("/first/shop.rel", "shop.rel");
  EXPECT_FALSE(read("shop"));
  EXPECT_EQ(reason(), "{not_found,\"shop.rel\"}");
  EXPECT_THAT(problems_.front().diagnostic.message, HasSubstr("levels of symbolic links"));
  files_.remove_file("/first/shop.rel");
  files_.add_directory("/first/shop.rel");
  EXPECT_FALSE(read("shop"));
  EXPECT_EQ(reason(), "{not_found,\"shop.rel\"}");
}

TEST_F(ResolvedReleaseTest, AnAppFileOfAnotherNameIsRefused) {
  support::write_file(files_, "/root/lib/shop-1/ebin/shop.app",
                      support::app_file_text({"stock", "1"}));
  EXPECT_FALSE(read());
  EXPECT_THAT(reason(), HasSubstr("bad_application_name"));
}

}  // namespace
}  // namespace relup::release
