// SPDX-License-Identifier: Apache-2.0
//
// Scripts of relx have the version written into them; those of Mix do not.
#include "host/launcher.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "support/memory_file_system.hpp"

namespace relup::host {
namespace {

class LauncherTest : public ::testing::Test {
 protected:
  void add(const std::string& name, const std::string& version) {
    files_.add_file("/opt/shop/bin/" + name, "#!/bin/sh\nset -e\nREL_VSN=\"" + version + "\"\n");
  }

  support::MemoryFileSystem files_;
  Host host_{"/opt/shop", "test", {"13.1.5", "1.0"}, "shop"};
};

TEST_F(LauncherTest, IsReplacedByTheCopyOfItsVersion) {
  add("shop", "1.0");
  add("shop-1.0", "1.0");
  add("shop-1.1-rc.1", "1.1-rc.1");
  EXPECT_EQ(launched_version(files_, host_), "1.0");
  switch_launcher(files_, host_, "1.1-rc.1");
  EXPECT_EQ(launched_version(files_, host_), "1.1-rc.1");
  EXPECT_EQ(files_.info("/opt/shop/bin/shop")->mode & 0777U, 0755U);
  switch_launcher(files_, host_, "1.0");
  EXPECT_EQ(launched_version(files_, host_), "1.0");
}

// The launcher of a version is what a downgrade needs.
TEST_F(LauncherTest, ALinkToThatOfAVersionLeavesThatAlone) {
  add("shop-1.0", "1.0");
  add("shop-1.1", "1.1");
  files_.add_symlink("/opt/shop/bin/shop", "shop-1.0");
  switch_launcher(files_, host_, "1.1");
  EXPECT_EQ(launched_version(files_, host_), "1.1");
  switch_launcher(files_, host_, "1.0");
  EXPECT_EQ(launched_version(files_, host_), "1.0");
  EXPECT_EQ(files_.info("/opt/shop/bin/shop")->mode & 0777U, 0755U);
}

TEST_F(LauncherTest, WithoutACopyThereIsNoCommit) {
  add("shop", "1.0");
  EXPECT_NO_THROW(check_launcher(files_, host_, "1.0"));
  try {
    check_launcher(files_, host_, "1.1");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), ::testing::HasSubstr("bin/shop starts 1.0"));
    EXPECT_THAT(error.message(), ::testing::HasSubstr("bin/shop-1.1"));
  }
}

TEST_F(LauncherTest, OneForAllVersionsStays) {
  files_.add_file("/opt/shop/bin/shop", "#!/bin/sh\nRELEASE_VSN=\"$(cut -d' ' -f2 data)\"\n");
  EXPECT_EQ(launched_version(files_, host_), std::nullopt);
  EXPECT_NO_THROW(check_launcher(files_, host_, "1.1"));
  EXPECT_NO_THROW(switch_launcher(files_, host_, "1.1"));
}

TEST_F(LauncherTest, ThereMayBeNone) {
  EXPECT_EQ(launched_version(files_, host_), std::nullopt);
  EXPECT_NO_THROW(switch_launcher(files_, host_, "1.1"));
}

}  // namespace
}  // namespace relup::host
