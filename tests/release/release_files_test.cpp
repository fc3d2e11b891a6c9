// SPDX-License-Identifier: Apache-2.0
#include "release/release_files.hpp"

#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "base/gzip.hpp"
#include "release/hand_made_tar.hpp"
#include "release/tarball.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

namespace relup::release {
namespace {

using support::error_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::pair<std::string, std::string>> sample = {
    {"bin/shop", "#!/bin/sh"},
    {"erts-13.1.5/bin/beam.smp", "machine code"},
    {"lib/shop-1/ebin/shop.app", "{application,shop,[]}."},
    {"lib/shop-1/ebin/shop.beam", "FOR1"},
    {"lib/shop-1/priv/shop.so", "native code"},
    {"lib/shop-1-rc/ebin/x.app", "x"},
    {"releases/1/shop.rel", "{release}."},
    {"releases/start_erl.data", "13.1.5 1"},
};

std::string sample_tarball(const std::string& prefix = "") {
  std::vector<TarMember> members;
  for (const auto& [path, content] : sample)
    members.push_back({.name = prefix + path, .data = content});
  return gzip(tar(members));
}

void expect_sample(const ReleaseFiles& files) {
  std::vector<std::string> paths;
  for (const auto& [path, content] : sample) {
    paths.push_back(path);
    EXPECT_TRUE(files.exists(path)) << path;
    if (path.find("/ebin/") != std::string::npos || path.starts_with("releases/")) {
      EXPECT_EQ(files.read(path), content) << path;
    }
    if (path.starts_with("lib/")) {
      EXPECT_EQ(files.sha256(path), sha256_hex(content)) << path;
    }
  }
  std::sort(paths.begin(), paths.end());
  EXPECT_EQ(files.paths(), paths);
  EXPECT_THAT(files.names_in(""), ElementsAre("bin", "erts-13.1.5", "lib", "releases"));
  EXPECT_THAT(files.names_in("lib"), ElementsAre("shop-1", "shop-1-rc"));
  EXPECT_THAT(files.names_in("lib/shop-1/ebin"), ElementsAre("shop.app", "shop.beam"));
  EXPECT_THAT(files.names_in("nowhere"), IsEmpty());
  EXPECT_THAT(files.names_in("bin/shop"), IsEmpty());
  EXPECT_FALSE(files.exists("lib/shop-1"));
  EXPECT_FALSE(files.exists("lib/shop-1/ebin/other.beam"));
  EXPECT_FALSE(files.read_if_exists("releases/RELEASES"));
  EXPECT_EQ(files.read_if_exists("releases/start_erl.data"), "13.1.5 1");
  EXPECT_THAT(error_of([&] { files.read("releases/RELEASES"); }), HasSubstr("RELEASES"));
}

TEST(DirectoryFiles, GiveTheFilesOfARelease) {
  const support::TemporaryDirectory root;
  for (const auto& [path, content] : sample)
    root.write(path, content);
  const DirectoryFiles files(real_file_system(), root.path());
  expect_sample(files);
  EXPECT_EQ(files.place("bin/shop"), root / "bin/shop");
}

TEST(DirectoryFiles, FollowLinksOfDevelopmentReleases) {
  const support::TemporaryDirectory root;
  root.write("apps/shop/ebin/shop.app", "a");
  root.write("src/priv/data", "d");
  root.link("../../src/priv", "apps/shop/priv");
  root.link("../../apps/shop", "rel/lib/shop-1");
  root.link("nowhere", "rel/lib/broken");
  const DirectoryFiles files(real_file_system(), root / "rel");
  EXPECT_THAT(files.paths(), ElementsAre("lib/shop-1/ebin/shop.app", "lib/shop-1/priv/data"));
}

TEST(DirectoryFiles, LinksThatGoRoundEnd) {
  const support::TemporaryDirectory root;
  root.write("lib/x", "x");
  root.link(".", "lib/self");
  EXPECT_THAT(DirectoryFiles(real_file_system(), root.path()).paths(),
              ElementsAre("lib/self/self/x", "lib/self/x", "lib/x"));
}

std::shared_ptr<const ReadableFile> file_of(std::string bytes) {
  return file_of_bytes(std::move(bytes));
}

TEST(TarballFiles, GiveTheFilesOfARelease) {
  const TarballFiles files("shop.tar.gz", file_of(sample_tarball()));
  expect_sample(files);
  EXPECT_EQ(files.place("bin/shop"), "shop.tar.gz:bin/shop");
}

TEST(TarballFiles, MayHaveBeenMadeOfTheDirectoryDot) {
  expect_sample(TarballFiles("shop.tar.gz", file_of(sample_tarball("./"))));
}

TEST(TarballFiles, ReadAgainWhatTheyDoNotKeep) {
  for (const std::string& bytes : {sample_tarball(), gunzip("x", sample_tarball(), 1U << 20U)}) {
    TarballReading nothing_kept;
    nothing_kept.memory = 0;
    const TarballFiles kept("shop.tar.gz", file_of(bytes));
    const TarballFiles files("shop.tar.gz", file_of(bytes), nothing_kept);
    expect_sample(files);
    std::vector<std::string> paths = files.paths();
    std::reverse(paths.begin(), paths.end());
    for (const std::string& path : paths) {
      EXPECT_EQ(files.read(path), kept.read(path)) << path;
      EXPECT_EQ(files.sha256(path), sha256_hex(files.read(path))) << path;
    }
  }
}

// A file that somebody writes to while it is open.
class ChangingFile final : public ReadableFile {
 public:
  explicit ChangingFile(std::string bytes) : bytes_(std::move(bytes)) {}
  void change_to(std::string bytes) { bytes_ = std::move(bytes); }
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<char> room) const override {
    return offset < bytes_.size() ? bytes_.copy(room.data(), room.size(), offset) : 0;
  }

 private:
  std::string bytes_;
};

TEST(TarballFiles, NoticeThatTheTarballWasChanged) {
  const auto file = std::make_shared<ChangingFile>(tar({{.name = "bin/a", .data = "as checked"}}));
  const TarballFiles files("shop.tar", file);
  EXPECT_EQ(files.read("bin/a"), "as checked");
  file->change_to(tar({{.name = "bin/a", .data = "and changed"}}));
  EXPECT_THAT(error_of([&] { files.read("bin/a"); }), HasSubstr("was changed while it was read"));
  file->change_to("");
  EXPECT_THAT(error_of([&] { files.read("bin/a"); }), HasSubstr("has become shorter"));
}

TEST(TarballFiles, RefuseTwoFilesOfOnePath) {
  EXPECT_THAT(error_of([] {
                TarballFiles("shop.tar", file_of(tar({{.name = "lib/a"}, {.name = "./lib/a"}})));
              }),
              HasSubstr("\"lib/a\": occurs twice"));
}

TEST(TarballFiles, LeaveOutLinksAndDirectories) {
  const TarballFiles files("shop.tar", file_of(tar({{.name = "lib/", .type = '5'},
                                                    {.name = "lib/a", .type = '2', .link = "b"},
                                                    {.name = "lib/b"}})));
  EXPECT_THAT(files.paths(), ElementsAre("lib/b"));
}

}  // namespace
}  // namespace relup::release
