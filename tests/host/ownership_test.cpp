// SPDX-License-Identifier: Apache-2.0
#include "host/ownership.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/memory_file_system.hpp"

namespace relup::host {
namespace {

const std::string root = "/opt/shop";
constexpr std::uint32_t shop = 54321;
constexpr std::uint32_t deploy = 54322;

class OwnershipTest : public testing::Test {
 protected:
  OwnershipTest() {
    files_.add_file(host_.releases_file(), "[].");
    files_.add_file(host_.start_erl_data(), "13.1.5 1.0");
    files_.add_directory(root + "/releases/1.0");
    own(shop, {root, root + "/releases", host_.releases_file(), host_.start_erl_data(),
               root + "/releases/1.0"});
  }

  void own(std::uint32_t owner, const std::vector<std::string>& paths) {
    for (const std::string& path : paths)
      files_.set_owner(path, owner, owner);
  }

  std::optional<std::uint32_t> becomes(std::uint32_t caller, const std::optional<User>& node) {
    const auto user = user_to_become(files_, root, caller, node);
    return user ? std::optional(user->id) : std::nullopt;
  }

  support::MemoryFileSystem files_;
  Host host_{root, "test", {}, "shop"};
};

TEST_F(OwnershipTest, RootWorksAsTheUserOfTheNode) {
  EXPECT_EQ(becomes(root_user, User{shop, shop}), shop);
  own(deploy, {root});
  EXPECT_EQ(becomes(root_user, User{shop, shop}), shop);
  EXPECT_EQ(becomes(root_user, User{root_user, 0}), std::nullopt);
}

TEST_F(OwnershipTest, WithoutANodeRootWorksAsTheOwnerOfTheRoot) {
  EXPECT_EQ(becomes(root_user, std::nullopt), shop);
  own(root_user, {root});
  EXPECT_EQ(becomes(root_user, std::nullopt), std::nullopt);
}

TEST_F(OwnershipTest, OthersWorkAsThemselves) {
  EXPECT_EQ(becomes(deploy, User{shop, shop}), std::nullopt);
  EXPECT_EQ(becomes(shop, std::nullopt), std::nullopt);
}

TEST_F(OwnershipTest, FilesThatRootHasLeftAreTakenOver) {
  own(root_user, {host_.start_erl_data()});
  files_.set_user({.id = shop, .groups = {shop}});
  take_over_files(files_, host_);
  EXPECT_EQ(files_.info(host_.start_erl_data())->owner, shop);
  EXPECT_EQ(files_.read(host_.start_erl_data()), "13.1.5 1.0");
}

TEST_F(OwnershipTest, FilesThatTheNodeMayWriteStayAsTheyAre) {
  std::vector<std::string> written;
  files_.set_hook([&](const std::string&, const std::string& path) { written.push_back(path); });
  take_over_files(files_, host_);
  own(root_user, {root + "/releases", host_.start_erl_data()});
  take_over_files(files_, host_);
  EXPECT_THAT(written, testing::IsEmpty());
}

TEST_F(OwnershipTest, AFolderOfAnotherOneIsTold) {
  const std::string folder = root + "/releases/1.0";
  EXPECT_FALSE(foreign_folder(files_, folder));
  EXPECT_FALSE(foreign_folder(files_, root + "/releases/2.0"));
  own(deploy, {folder});
  const auto found = foreign_folder(files_, folder);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->owner, deploy);
  EXPECT_EQ(found->owner_above, shop);
  own(root_user, {root + "/releases"});
  EXPECT_FALSE(foreign_folder(files_, folder));
}

}  // namespace
}  // namespace relup::host
