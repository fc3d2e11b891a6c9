// SPDX-License-Identifier: Apache-2.0
#include "release/archive_reader.hpp"

#include <clocale>

#include <gmock/gmock.h>

#include "release/hand_made_tar.hpp"
#include "support/error_of.hpp"

namespace relup::release {
namespace {

using support::error_of;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct ReadMember {
  Member member;
  std::string data;
};

std::vector<ReadMember> read_all(const std::string& bytes, const ArchiveLimits& limits = {}) {
  ArchiveReader reader("shop.tar.gz", bytes, limits);
  std::vector<ReadMember> members;
  while (std::optional<Member> member = reader.next()) {
    const std::string data =
        member->type == MemberType::regular ? reader.read_data() : std::string();
    members.push_back({*member, data});
  }
  return members;
}

// What installing does before it writes: all members are read, and checked.
void read_and_check(const std::string& bytes) {
  MemberChecker checker("shop.tar.gz", bytes.size());
  ArchiveReader reader("shop.tar.gz", bytes);
  while (const std::optional<Member> member = reader.next())
    checker.check(*member);
}

std::string sample() {
  return tar({{.name = "lib/", .type = '5', .mode = 0755},
              {.name = "lib/shop-1/ebin/shop.app", .data = "{application,shop,[]}."},
              {.name = "lib/shop-1/ebin/empty", .data = ""},
              {.name = "bin/shop", .type = '2', .mode = 0777, .link = "../lib/x"},
              {.name = "releases/big", .data = std::string(1500, 'b'), .mode = 0755}});
}

TEST(ArchiveReader, ReadsMembersInOrder) {
  for (const std::string& bytes : {sample(), gzip(sample())}) {
    const std::vector<ReadMember> members = read_all(bytes);
    ASSERT_EQ(members.size(), 5U);
    EXPECT_EQ(members[0].member.path, "lib/");
    EXPECT_EQ(members[0].member.type, MemberType::directory);
    EXPECT_EQ(members[1].member.path, "lib/shop-1/ebin/shop.app");
    EXPECT_EQ(members[1].member.size, 22U);
    EXPECT_EQ(members[1].data, "{application,shop,[]}.");
    EXPECT_EQ(members[2].data, "");
    EXPECT_EQ(members[3].member.type, MemberType::symlink);
    EXPECT_EQ(members[3].member.link_target, "../lib/x");
    EXPECT_EQ(members[4].member.mode, 0755U);
    EXPECT_EQ(members[4].data, std::string(1500, 'b'));
  }
}

TEST(ArchiveReader, SkipsDataThatIsNotRead) {
  const std::string bytes = gzip(sample());
  ArchiveReader reader("shop.tar.gz", bytes);
  int members = 0;
  while (reader.next())
    ++members;
  EXPECT_EQ(members, 5);
  EXPECT_FALSE(reader.next());  // and stays at the end
}

TEST(ArchiveReader, ReadsLongNamesOfBothKinds) {
  const std::string path = "lib/" + std::string(300, 'x');
  const std::string pax = pax_header({{"path", path}}) + tar_member({.name = "short"}) + tar_end();
  EXPECT_EQ(read_all(pax).at(0).member.path, path);
  const std::string gnu =
      tar({{.name = "././@LongLink", .data = path + '\0', .type = 'L'}, {.name = "short"}});
  EXPECT_EQ(read_all(gnu).at(0).member.path, path);
}

// "e" with a combining accent would become one character if somebody normalised it.
TEST(ArchiveReader, GivesNamesByteForByteInEveryLocale) {
  const std::string path = "lib/e\xcc\x81\xce\xb2";
  for (const char* locale : {"C", "C.UTF-8"}) {
    ASSERT_NE(std::setlocale(LC_ALL, locale), nullptr);
    EXPECT_EQ(read_all(tar({{.name = path}})).at(0).member.path, path) << locale;
    const std::string pax = pax_header({{"path", path}, {"linkpath", path}}) +
                            tar_member({.name = "short", .type = '2', .link = "short"}) + tar_end();
    EXPECT_EQ(read_all(pax).at(0).member.path, path) << locale;
    EXPECT_EQ(read_all(pax).at(0).member.link_target, path) << locale;
  }
  std::setlocale(LC_ALL, "C");
}

TEST(ArchiveReader, AnArchiveMayBeEmpty) {
  EXPECT_TRUE(read_all(tar({})).empty());
}

TEST(ArchiveReader, ArchivesMayBePaddedWithZeros) {
  EXPECT_EQ(read_all(sample() + std::string(10240, '\0')).size(), 5U);
}

TEST(ArchiveReader, EveryPrefixOfATarIsAnError) {
  const std::string whole = sample();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(error_of([&] { read_all(whole.substr(0, size)); }), StartsWith("shop.tar.gz: "))
        << size;
  }
}

TEST(ArchiveReader, EveryPrefixOfATarGzIsAnError) {
  const std::string whole = gzip(sample());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(error_of([&] { read_all(whole.substr(0, size)); }), StartsWith("shop.tar.gz: "))
        << size;
  }
}

TEST(ArchiveReader, ACutNamesTheMemberSeenLast) {
  const std::string whole = sample();
  EXPECT_THAT(error_of([&] { read_all(whole.substr(0, 512 * 2 + 10)); }),
              HasSubstr("(after member \"lib/shop-1/ebin/shop.app\")"));
}

TEST(ArchiveReader, EveryFlippedByteIsReadOrAnError) {
  for (const unsigned flipped : {0x01U, 0x80U, 0xFFU}) {
    std::string bytes = sample();
    for (char& byte : bytes) {
      const char before = byte;
      byte = static_cast<char>(static_cast<unsigned char>(byte) ^ flipped);
      try {
        read_all(bytes);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::bad_input);
      }
      byte = before;
    }
  }
}

// The gzip checksum finds what the tar format would not; its header alone is not under it.
TEST(ArchiveReader, AFlippedByteOfATarGzIsFound) {
  const std::string whole = gzip(sample());
  constexpr std::size_t gzip_header = 10;
  for (std::size_t at = gzip_header; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    EXPECT_THROW(read_all(bytes), Error) << at;
  }
}

struct BadArchive {
  const char* name;
  std::string bytes;
  const char* message;
};

class ArchiveReaderBad : public ::testing::TestWithParam<BadArchive> {};

TEST_P(ArchiveReaderBad, IsRefused) {
  for (const std::string& bytes : {GetParam().bytes, gzip(GetParam().bytes)}) {
    EXPECT_THAT(error_of([&] { read_and_check(bytes); }),
                AllOf(StartsWith("shop.tar.gz: "), HasSubstr(GetParam().message)));
  }
}

std::string sparse_member() {
  // One data region of 512 bytes at offset 1 MiB, real size 1 MiB + 512.
  std::string fields = "00004000000" + std::string(1, '\0') + "00000001000" + std::string(1, '\0');
  fields.resize(96, '\0');
  fields += std::string(1, '\0') + "00004001000";
  return tar_member(
      {.name = "lib/x", .data = std::string(512, 's'), .type = 'S', .gnu_fields = fields});
}

INSTANTIATE_TEST_SUITE_P(
    All, ArchiveReaderBad,
    ::testing::Values(
        BadArchive{"not_a_tar", "this is no archive, whatever it is called", ""},
        BadArchive{"no_end", tar_member({.name = "lib/x"}), "cut off"},
        BadArchive{"half_an_end", tar_member({.name = "lib/x"}) + std::string(512, '\0'),
                   "cut off"},
        BadArchive{"more_behind_the_end", sample() + tar_member({.name = "lib/more"}),
                   "other data follows the end of the archive"},
        BadArchive{"hard_link", tar({{.name = "lib/x", .type = '1', .link = "lib/y"}}),
                   "\"lib/x\": is a hard link"},
        BadArchive{"hard_link_out", tar({{.name = "lib/x", .type = '1', .link = "/etc/passwd"}}),
                   "is a hard link"},
        BadArchive{"symlink_out", tar({{.name = "lib/x", .type = '2', .link = "../../etc"}}),
                   "leads out"},
        BadArchive{"character_device", tar({{.name = "lib/x", .type = '3'}}),
                   "is a character device"},
        BadArchive{"block_device", tar({{.name = "lib/x", .type = '4'}}), "is a block device"},
        BadArchive{"fifo", tar({{.name = "lib/x", .type = '6'}}), "is a FIFO"},
        BadArchive{"sparse", sparse_member() + tar_end(), "is a sparse file"},
        BadArchive{"pax_sparse",
                   pax_header({{"GNU.sparse.size", "2048"},
                               {"GNU.sparse.numblocks", "1"},
                               {"GNU.sparse.map", "1024,4"}}) +
                       tar_member({.name = "lib/x", .data = "data"}) + tar_end(),
                   "is a sparse file"},
        BadArchive{"setuid", tar({{.name = "lib/x", .mode = 04755}}), "setuid"},
        BadArchive{"parent", tar({{.name = "../x"}}), "component `..`"},
        BadArchive{"absolute", tar({{.name = "/lib/x"}}), "is absolute"},
        BadArchive{"pax_absolute",
                   pax_header({{"path", "/etc/x"}}) + tar_member({.name = "lib/x"}) + tar_end(),
                   "is absolute"},
        BadArchive{"newline", tar({{.name = "lib/a\nb"}}), "control characters"},
        BadArchive{"latin1", tar({{.name = "lib/\xe9"}}), "not valid UTF-8"},
        BadArchive{"twice", tar({{.name = "lib/x"}, {.name = "lib/x"}}), "occurs twice"},
        BadArchive{"case", tar({{.name = "lib/X"}, {.name = "lib/x"}}), "in case only"},
        BadArchive{"through_link",
                   tar({{.name = "lib/a", .type = '2', .link = "b"}, {.name = "lib/a/x"}}),
                   "lies under"}),
    [](const auto& test) { return test.param.name; });

TEST(ArchiveReader, UnpacksNoMoreThanTheLimits) {
  const std::string bomb = gzip(tar({{.name = "lib/x", .data = std::string(4000000, '\0')}}));
  EXPECT_NO_THROW(read_all(bomb));
  EXPECT_THAT(error_of([&] { read_all(bomb, {.ratio = 100, .ratio_from_bytes = 1000000}); }),
              HasSubstr("unpacks to more than 100 times its own size"));
  EXPECT_THAT(error_of([&] { read_all(bomb, {.members = 1, .total_bytes = 1000000}); }),
              HasSubstr("unpacks to more than 1000000 bytes"));
}

// Zeros after the end of the archive count, too.
TEST(ArchiveReader, PaddingIsBounded) {
  const std::string bomb = gzip(tar({}) + std::string(4000000, '\0'));
  EXPECT_THAT(error_of([&] { read_all(bomb, {.ratio = 100, .ratio_from_bytes = 1000000}); }),
              HasSubstr("unpacks to more than 100 times its own size"));
}

}  // namespace
}  // namespace relup::release
