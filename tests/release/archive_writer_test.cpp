// SPDX-License-Identifier: Apache-2.0
#include "release/archive_writer.hpp"

#include <algorithm>
#include <clocale>

#include <gmock/gmock.h>

#include "release/archive_reader.hpp"
#include "release/hand_made_tar.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

namespace relup::release {
namespace {

using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ArchiveEntry file(const std::string& path, const std::string& content, unsigned mode = 0644) {
  ArchiveEntry entry;
  entry.path = path;
  entry.mode = mode;
  entry.content = [content] { return file_of_bytes(content); };
  return entry;
}

std::vector<ArchiveEntry> sample() {
  ArchiveEntry link;
  link.path = "bin/epmd";
  link.type = MemberType::symlink;
  link.link_target = "../erts-13/bin/epmd";
  ArchiveEntry directory;
  directory.path = "lib/shop-1";
  directory.type = MemberType::directory;
  return {file("releases/1/start.boot", "boot"),
          file("bin/shop", "#!/bin/sh", 0755),
          link,
          directory,
          file("lib/shop-1/" + std::string(300, 'x'), std::string(100000, 'x')),
          file("lib/shop-1/e\xcc\x81\xce\xb2", "")};
}

class ArchiveWriter : public ::testing::Test {
 protected:
  std::string written(std::vector<ArchiveEntry> entries, std::int64_t epoch = 0) const {
    write_archive(real_file_system(), place_ / "shop.tar.gz", std::move(entries), epoch);
    return real_file_system().read(place_ / "shop.tar.gz");
  }
  support::TemporaryDirectory place_;
};

TEST_F(ArchiveWriter, WritesWhatTheReaderReads) {
  const std::string bytes = written(sample());
  ArchiveReader reader("shop.tar.gz", bytes);
  std::vector<std::string> seen;
  while (const std::optional<Member> member = reader.next()) {
    const std::string data = member->type == MemberType::regular ? reader.read_data() : "";
    seen.push_back(member->path.substr(0, 20) + " " + std::to_string(member->mode) + " " +
                   std::to_string(data.size()) + member->link_target);
    EXPECT_EQ(member->size, data.size());
  }
  EXPECT_THAT(seen, ElementsAre("bin/epmd 511 0../erts-13/bin/epmd", "bin/shop 493 9",
                                "lib/shop-1/ 493 0", "lib/shop-1/e\xcc\x81\xce\xb2 420 0",
                                "lib/shop-1/xxxxxxxxx 420 100000", "releases/1/start.boo 420 4"));
}

TEST_F(ArchiveWriter, DependsOnNothingButTheEntries) {
  const std::string first = written(sample());
  std::vector<ArchiveEntry> entries = sample();
  std::reverse(entries.begin(), entries.end());
  ASSERT_NE(std::setlocale(LC_ALL, "C.UTF-8"), nullptr);
  const std::string second = written(entries);
  std::setlocale(LC_ALL, "C");
  EXPECT_EQ(first, second);
  EXPECT_NE(first, written(sample(), 1'000'000'000));
}

TEST_F(ArchiveWriter, LeavesTimeAndNameOutOfTheGzipHeader) {
  const std::string bytes = written({file("lib/x", "x")});
  EXPECT_EQ(bytes.substr(0, 3), "\x1f\x8b\x08");
  EXPECT_EQ(bytes[3], '\0');                            // no name
  EXPECT_EQ(bytes.substr(4, 4), std::string(4, '\0'));  // no time
}

TEST_F(ArchiveWriter, ReplacesAnOlderFile) {
  place_.write("shop.tar.gz", "old");
  EXPECT_NE(written({file("lib/x", "x")}), "old");
  EXPECT_EQ(real_file_system().list(place_.path()).size(), 1U);
}

TEST_F(ArchiveWriter, RefusesWhatWouldNotBeInstalled) {
  EXPECT_THAT(error_of([&] { written({file("etc/x", "")}); }), HasSubstr("\"etc/x\": is outside"));
  EXPECT_THAT(error_of([&] {
                written({file("lib/x", ""), file("lib/x", "")});
              }),
              HasSubstr("occurs twice"));
  EXPECT_TRUE(real_file_system().list(place_.path()).empty());
}

TEST_F(ArchiveWriter, LeavesNothingBehindWhenContentCannotBeRead) {
  ArchiveEntry entry = file("lib/x", "");
  entry.content = []() -> std::unique_ptr<ReadableFile> {
    throw Error(ErrorCode::bad_input, "unreadable");
  };
  EXPECT_EQ(error_of([&] { written({file("lib/a", "a"), entry}); }), "unreadable");
  EXPECT_TRUE(real_file_system().list(place_.path()).empty());
}

}  // namespace
}  // namespace relup::release
