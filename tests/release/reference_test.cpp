// SPDX-License-Identifier: Apache-2.0
#include "release/reference.hpp"

#include <gmock/gmock.h>

#include "release/hand_made_tar.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

namespace relup::release {
namespace {

using support::error_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string rel(const std::string& version, const std::string& name = "shop") {
  return "{release,{\"" + name + "\",\"" + version + "\"},{erts,\"13.1.5\"},[]}.\n";
}

std::string hint_of(const std::string& text) {
  try {
    resolve_reference(real_file_system(), text);
  } catch (const Error& error) {
    return error.hint();
  }
  return "";
}

std::string message_of(const std::string& text) {
  return error_of([&] { resolve_reference(real_file_system(), text); });
}

void expect(const std::string& text, const std::string& version, const std::string& rel_path) {
  const ReleaseReference reference = resolve_reference(real_file_system(), text);
  EXPECT_EQ(reference.version, version);
  EXPECT_EQ(reference.rel_path, rel_path);
}

struct LayoutCase {
  const char* name;
  std::vector<std::pair<std::string, std::string>> files;
  const char* rel_path;
};

class ReferenceLayout : public ::testing::TestWithParam<LayoutCase> {};

TEST_P(ReferenceLayout, IsUnderstoodAsDirectoryAndAsTarball) {
  const support::TemporaryDirectory place;
  std::vector<TarMember> members;
  for (const auto& [path, content] : GetParam().files) {
    place.write("root/" + path, content);
    members.push_back({.name = path, .data = content});
  }
  place.write("shop.tar.gz", gzip(tar(members)));
  expect(place / "root", "1.0-rc.1", GetParam().rel_path);
  expect(place / "root@1.0-rc.1", "1.0-rc.1", GetParam().rel_path);
  expect(place / "shop.tar.gz", "1.0-rc.1", GetParam().rel_path);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReferenceLayout,
    ::testing::Values(
        LayoutCase{"mix",
                   {{"releases/1.0-rc.1/shop.rel", rel("1.0-rc.1")},
                    {"releases/start_erl.data", "13.1.5 1.0-rc.1"}},
                   "releases/1.0-rc.1/shop.rel"},
        LayoutCase{"relx",
                   {{"releases/1.0-rc.1/shop.rel", rel("1.0-rc.1")},
                    {"releases/1.0-rc.1/start_clean.rel", rel("1.0-rc.1", "start_clean")},
                    {"releases/1.0-rc.1/no_dot_erlang.rel", rel("1.0-rc.1", "no_dot_erlang")},
                    {"releases/RELEASES", "[]."},
                    {"releases/start_erl.data", "13.1.5 1.0-rc.1\n"}},
                   "releases/1.0-rc.1/shop.rel"},
        LayoutCase{"systools_tarball",
                   {{"releases/shop-1.rel", rel("1.0-rc.1")},
                    {"releases/1.0-rc.1/shop-1.rel", rel("1.0-rc.1")},
                    {"releases/1.0-rc.1/start.boot", ""}},
                   "releases/1.0-rc.1/shop-1.rel"},
        LayoutCase{
            "systools_flat",
            {{"releases/shop-1.0-rc.1.rel", rel("1.0-rc.1")}, {"releases/1.0-rc.1/start.boot", ""}},
            "releases/shop-1.0-rc.1.rel"},
        LayoutCase{"both_names",
                   {{"releases/1.0-rc.1/shop-1.0-rc.1.rel", rel("1.0-rc.1")},
                    {"releases/1.0-rc.1/shop.rel", rel("1.0-rc.1")}},
                   "releases/1.0-rc.1/shop.rel"},
        LayoutCase{"strange_file_beside",
                   {{"releases/1.0-rc.1/shop.rel", rel("1.0-rc.1")},
                    {"releases/1.0-rc.1/broken.rel", "{release,"},
                    {"releases/1.0-rc.1/older.rel", rel("0.9")}},
                   "releases/1.0-rc.1/shop.rel"}),
    [](const auto& test) { return test.param.name; });

class Reference : public ::testing::Test {
 protected:
  void add_version(const std::string& version) const {
    place_.write("root/releases/" + version + "/shop.rel", rel(version));
  }
  support::TemporaryDirectory place_;
};

TEST_F(Reference, StartErlDataPicksAmongSeveral) {
  add_version("1");
  add_version("2");
  place_.write("root/releases/start_erl.data", "13.1.5 2");
  expect(place_ / "root", "2", "releases/2/shop.rel");
  expect(place_ / "root@1", "1", "releases/1/shop.rel");
  expect(place_ / "root/@1", "1", "releases/1/shop.rel");
}

TEST_F(Reference, WithoutStartErlDataTheVersionMustBeTheOnlyOne) {
  add_version("1");
  expect(place_ / "root", "1", "releases/1/shop.rel");
  add_version("2");
  EXPECT_THAT(message_of(place_ / "root"), HasSubstr("has several versions"));
  EXPECT_THAT(message_of(place_ / "root"), HasSubstr(": 1, 2"));
  EXPECT_THAT(hint_of(place_ / "root"), HasSubstr("root@1"));
}

TEST_F(Reference, AVersionThatIsNotThereListsThoseThatAre) {
  add_version("1");
  add_version("2");
  EXPECT_THAT(message_of(place_ / "root@3"),
              HasSubstr("has no release resource file (.rel) of version 3"));
  EXPECT_EQ(hint_of(place_ / "root@3"), "these versions are there: 1, 2");
}

TEST_F(Reference, ARelFileOfAnotherVersionIsNamed) {
  place_.write("root/releases/3/shop.rel", rel("2"));
  EXPECT_THAT(message_of(place_ / "root@3"), HasSubstr("releases/3/shop.rel holds version 2"));
}

TEST_F(Reference, ABrokenRelFileIsNamedWithItsPlace) {
  place_.write("root/releases/3/shop.rel", "{release,\n");
  EXPECT_THAT(message_of(place_ / "root@3"), HasSubstr("releases/3/shop.rel:2:1"));
  place_.write("root/releases/4/shop.rel", "{release,\"shop\"}.");
  EXPECT_THAT(message_of(place_ / "root@4"),
              HasSubstr("shop.rel: not a release: expected {release,"));
}

TEST_F(Reference, TwoReleasesOfOneVersionAreNotGuessedBetween) {
  add_version("1");
  place_.write("root/releases/1/stock.rel", rel("1", "stock"));
  EXPECT_THAT(message_of(place_ / "root"),
              AllOf(HasSubstr("more than one release"), HasSubstr("releases/1/stock.rel")));
}

TEST_F(Reference, VersionsAndRootsMayHoldAtSigns) {
  place_.write("a@b/releases/1@x/shop.rel", rel("1@x"));
  expect(place_ / "a@b", "1@x", "releases/1@x/shop.rel");
  expect(place_ / "a@b@1@x", "1@x", "releases/1@x/shop.rel");
}

TEST_F(Reference, AVersionCannotLeaveTheRoot) {
  add_version("1");
  for (const char* version : {"", ".", "..", "../../etc", "/etc"}) {
    EXPECT_THAT(message_of(place_ / "root@" + version), HasSubstr("cannot be a version"))
        << version;
  }
}

TEST_F(Reference, WhatIsNoReleaseIsSaidSo) {
  place_.write("other/file", "text");
  EXPECT_THAT(message_of(place_ / "nothing"),
              HasSubstr("there is no such release root or tarball"));
  EXPECT_THAT(message_of(place_ / "nothing@1"), HasSubstr("nothing@1: there is no such"));
  EXPECT_THAT(message_of(place_ / "other"), HasSubstr("is not a release: it has no releases/"));
  EXPECT_THAT(hint_of(place_ / "other"), HasSubstr("ROOT@VSN"));
  EXPECT_THAT(message_of(place_ / "other/file"), HasSubstr("other/file: "));
  place_.write("empty/releases/1/sys.config", "[].");
  EXPECT_THAT(message_of(place_ / "empty"), HasSubstr("neither start_erl.data nor a .rel file"));
  EXPECT_EQ(hint_of(place_ / "empty@1"), "no version is there; was the release assembled?");
}

TEST_F(Reference, VersionsAreSorted) {
  for (const char* version : {"2", "10", "1"})
    add_version(version);
  place_.write("root/releases/shop-3.rel", rel("3"));
  EXPECT_THAT(versions_in(DirectoryFiles(real_file_system(), place_ / "root")),
              ElementsAre("1", "10", "2", "3"));
}

}  // namespace
}  // namespace relup::release
