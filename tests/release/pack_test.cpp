// SPDX-License-Identifier: Apache-2.0
#include "release/pack.hpp"

#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "release/archive_reader.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"

namespace relup::release {
namespace {

using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

struct PackedMember {
  std::string data;
  unsigned mode;
};

class PackTest : public ::testing::Test {
 protected:
  PackTest() {
    support::write_release(files_, "/root", {"0.9", {{"shop", "0.9", {{"old", "beam"}}}}});
    support::write_release(files_, "/root", {"1.0", {{"shop", "1.0", {{"m", "beam m"}}}}});
    for (const char* path :
         {"/root/lib/shop-1.0/priv/nif.so", "/root/erts-13.1.5/bin/beam.smp", "/root/bin/shop"}) {
      files_.add_file(path, "program", 0755);
    }
    for (const char* path : {"/root/releases/RELEASES", "/root/releases/COOKIE",
                             "/root/erts-12/bin/beam.smp", "/root/log/erlang.log.1",
                             "/root/lib/stray-1/ebin/stray.app", "/root/releases/0.9/relup"}) {
      files_.add_file(path, "not of this release");
    }
    files_.add_file("/root/releases/1.0/relup", "{\"1.0\",[],[]}.");
  }

  ReleaseTree tree(const std::string& version = "1.0") {
    return load_release(resolve_reference(files_, "/root@" + version), {});
  }

  std::map<std::string, PackedMember> members(const std::string& tarball) {
    const std::string bytes = files_.read(tarball);
    ArchiveReader reader(tarball, bytes);
    std::map<std::string, PackedMember> found;
    while (const auto member = reader.next()) {
      if (member->type == MemberType::regular)
        found[member->path] = {reader.read_data(), member->mode};
    }
    return found;
  }

  support::MemoryFileSystem files_;
};

TEST_F(PackTest, HoldsTheReleaseAndNothingElse) {
  const Packed packed = pack_release(files_, tree(), "/shop.tar.gz");
  std::vector<std::string> paths;
  for (const auto& member : members("/shop.tar.gz"))
    paths.push_back(member.first);
  EXPECT_THAT(paths, ElementsAreArray(
                         {"erts-13.1.5/bin/beam.smp", "lib/kernel-8.5.3/ebin/kernel.app",
                          "lib/sasl-4.2/ebin/sasl.app", "lib/shop-1.0/ebin/m.beam",
                          "lib/shop-1.0/ebin/shop.app", "lib/shop-1.0/priv/nif.so",
                          "lib/stdlib-4.2/ebin/stdlib.app", "releases/1.0/SHA256SUMS",
                          "releases/1.0/relup", "releases/1.0/shop.rel", "releases/1.0/start.boot",
                          "releases/1.0/sys.config", "releases/shop-1.0.rel"}));
  EXPECT_EQ(packed.members, paths.size());
  EXPECT_TRUE(packed.has_relup);
}

// What a killed process left unfinished is no file of the release.
TEST_F(PackTest, LeavesTemporaryFilesOut) {
  pack_release(files_, tree(), "/one.tar.gz");
  files_.add_file("/root/lib/shop-1.0/ebin/.relup-new-0123456789abcdef", "half of an app");
  pack_release(files_, tree(), "/two.tar.gz");
  EXPECT_EQ(files_.read("/one.tar.gz"), files_.read("/two.tar.gz"));
}

TEST_F(PackTest, TheManifestListsEveryOtherMember) {
  pack_release(files_, tree(), "/shop.tar.gz");
  const auto packed = members("/shop.tar.gz");
  std::string expected;
  for (const auto& [path, member] : packed) {
    if (path == manifest_path("1.0")) continue;
    expected += sha256_hex(member.data) + "  " + path + "\n";
  }
  EXPECT_EQ(packed.at("releases/1.0/SHA256SUMS").data, expected);
}

TEST_F(PackTest, ProgramsStayPrograms) {
  pack_release(files_, tree(), "/shop.tar.gz");
  const auto packed = members("/shop.tar.gz");
  EXPECT_EQ(packed.at("lib/shop-1.0/priv/nif.so").mode, 0755U);
  EXPECT_EQ(packed.at("lib/shop-1.0/ebin/m.beam").mode, 0644U);
}

TEST_F(PackTest, SecretsStaySecretAndNobodyElseMayWrite) {
  const std::map<std::string, std::pair<unsigned, unsigned>> modes{
      {"releases/1.0/sys.config", {0600, 0600}},   {"releases/1.0/vm.args", {0640, 0640}},
      {"releases/1.0/env.sh", {0700, 0700}},       {"releases/1.0/runtime.exs", {0666, 0644}},
      {"lib/shop-1.0/priv/key.pem", {0400, 0600}}, {"lib/shop-1.0/priv/port", {0777, 0755}},
      {"lib/shop-1.0/ebin/m.beam", {0600, 0644}}};
  for (const auto& [path, mode] : modes)
    files_.add_file("/root/" + path, path.ends_with(".config") ? "[]." : "x", mode.first);
  pack_release(files_, tree(), "/shop.tar.gz");
  const auto packed = members("/shop.tar.gz");
  for (const auto& [path, mode] : modes)
    EXPECT_EQ(packed.at(path).mode, mode.second) << path;
}

TEST_F(PackTest, TwiceIsByteForByteTheSame) {
  pack_release(files_, tree(), "/one.tar.gz");
  files_.add_file("/root/lib/shop-1.0/ebin/m.beam", "beam m", 0600);
  pack_release(files_, tree(), "/two.tar.gz");
  EXPECT_EQ(files_.read("/one.tar.gz"), files_.read("/two.tar.gz"));
}

TEST_F(PackTest, AnOldManifestIsReplaced) {
  files_.add_file("/root/releases/1.0/SHA256SUMS", "of an earlier day");
  pack_release(files_, tree(), "/shop.tar.gz");
  EXPECT_THAT(members("/shop.tar.gz").at("releases/1.0/SHA256SUMS").data,
              Not(HasSubstr("earlier")));
}

TEST_F(PackTest, WithoutARelupItSaysSo) {
  files_.remove_file("/root/releases/1.0/relup");
  EXPECT_FALSE(pack_release(files_, tree(), "/shop.tar.gz").has_relup);
  EXPECT_THAT(members("/shop.tar.gz"), Not(Contains(Key("releases/1.0/relup"))));
}

// So a tarball of another tool can be packed, and one of ours is as good as its root.
TEST_F(PackTest, WhatWasPackedLoadsAndCanBePackedAgain) {
  pack_release(files_, tree(), "/shop.tar.gz");
  const ReleaseTree packed =
      load_release(resolve_reference(files_, "/shop.tar.gz", KeptContent::everything), {});
  EXPECT_EQ(packed.version(), "1.0");
  EXPECT_EQ(packed.applications.size(), 4U);
  pack_release(files_, packed, "/again.tar.gz");
  EXPECT_EQ(files_.read("/again.tar.gz"), files_.read("/shop.tar.gz"));
}

TEST_F(PackTest, AFullDiskLeavesNoTarball) {
  files_.set_byte_budget(100);
  EXPECT_THROW(pack_release(files_, tree(), "/shop.tar.gz"), Error);
  EXPECT_FALSE(files_.is_file("/shop.tar.gz"));
}

}  // namespace
}  // namespace relup::release
