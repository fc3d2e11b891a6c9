// SPDX-License-Identifier: Apache-2.0
#include "release/archive_rules.hpp"

#include <gmock/gmock.h>

#include "release/hand_made_tar.hpp"
#include "support/error_of.hpp"

namespace relup::release {
namespace {

using support::error_of;
using ::testing::HasSubstr;

Member file(const std::string& path, std::uint64_t size = 0) {
  return {.path = path, .type = MemberType::regular, .mode = 0644, .size = size, .link_target = ""};
}

Member directory(const std::string& path) {
  return {.path = path, .type = MemberType::directory, .mode = 0755, .size = 0, .link_target = ""};
}

Member link(const std::string& path, const std::string& target) {
  return {
      .path = path, .type = MemberType::symlink, .mode = 0777, .size = 0, .link_target = target};
}

Member special(MemberType type, unsigned mode = 0644) {
  return {.path = "lib/x", .type = type, .mode = mode, .size = 0, .link_target = ""};
}

void check_all(const std::vector<Member>& members, const ArchiveLimits& limits = {}) {
  MemberChecker checker("shop.tar.gz", 1000, limits);
  for (const Member& member : members)
    checker.check(member);
}

TEST(ArchiveRules, AllowWhatReleasesHold) {
  EXPECT_NO_THROW(
      check_all({directory("lib/"), directory("lib/shop-1.0.0+15-sha/ebin/"),
                 file("lib/shop-1.0.0+15-sha/ebin/shop.beam", 1000),
                 file("lib/élan-1/ebin/Elixir.Élan.beam"), file("releases/start_erl.data"),
                 file("releases/2.9.6-rc.0/start.boot"), file("erts-13.1.5/bin/beam.smp"),
                 directory("erts-13.1.5"),  // after members that imply it
                 file("bin/shop"), link("bin/epmd", "../erts-13.1.5/bin/epmd"),
                 link("lib/shop-1.0.0+15-sha/priv", "../shared-1/priv"),
                 file("lib/shop-1.0.0+15-sha/..hidden/...")}));
}

struct BadCase {
  const char* name;
  std::vector<Member> members;
  const char* message;  // of the last one
};

class ArchiveRulesBroken : public ::testing::TestWithParam<BadCase> {};

TEST_P(ArchiveRulesBroken, NameArchiveMemberAndRule) {
  std::vector<Member> members = GetParam().members;
  const Member last = members.back();
  members.pop_back();
  MemberChecker checker("shop.tar.gz", 1000);
  for (const Member& member : members)
    EXPECT_NO_THROW(checker.check(member)) << member.path;
  EXPECT_EQ(error_of([&] { checker.check(last); }),
            std::string("shop.tar.gz: member ") + GetParam().message);
}

const BadCase bad_names[] = {
    {"empty", {file("")}, R"("": the name is empty)"},
    {"absolute", {file("/lib/x")}, R"("/lib/x": the name is absolute)"},
    {"root", {directory("/")}, R"("/": the name is absolute)"},
    {"parent", {file("../x")}, R"("../x": the name has a component `..`)"},
    {"parent_inside", {file("lib/../x")}, R"("lib/../x": the name has a component `..`)"},
    {"parent_last", {directory("lib/..")}, R"("lib/..": the name has a component `..`)"},
    {"dot_first", {file("./lib/x")}, R"("./lib/x": the name has a component `.`)"},
    {"dot_inside", {file("lib/./x")}, R"("lib/./x": the name has a component `.`)"},
    {"double_slash", {file("lib//x")}, R"("lib//x": the name has an empty component)"},
    {"file_with_slash", {file("lib/x/")}, R"("lib/x/": the name has an empty component)"},
    {"two_final_slashes", {directory("lib//")}, R"("lib//": the name has an empty component)"},
    {"newline", {file("lib/a\nb")}, R"("lib/a\x0ab": the name has control characters)"},
    {"escape", {file("lib/\x1b[2J")}, R"("lib/\x1b[2J": the name has control characters)"},
    {"delete", {file("lib/\x7f")}, R"("lib/\x7f": the name has control characters)"},
    {"c1_control", {file("lib/\xc2\x9b")}, R"("lib/\xc2\x9b": the name has control characters)"},
    {"not_utf8", {file("lib/\xe9lan")}, R"("lib/\xe9lan": the name is not valid UTF-8)"},
    {"overlong", {file("lib/\xc0\xaf")}, R"("lib/\xc0\xaf": the name is not valid UTF-8)"},
    {"other_place",
     {file("etc/passwd")},
     R"("etc/passwd": is outside of lib/, releases/, bin/ and erts-VSN/)"},
    {"at_the_top",
     {file("README")},
     R"("README": is outside of lib/, releases/, bin/ and erts-VSN/)"},
    {"erts_without_version",
     {file("erts-/x")},
     R"("erts-/x": is outside of lib/, releases/, bin/ and erts-VSN/)"},
    {"file_lib", {file("lib")}, R"("lib": must be a directory)"},
    {"link_lib", {link("lib", "releases")}, R"("lib": must be a directory)"},
};

const BadCase bad_types[] = {
    {"hard_link",
     {special(MemberType::hard_link)},
     R"("lib/x": is a hard link; only files, directories and symbolic links are allowed)"},
    {"sparse",
     {special(MemberType::sparse)},
     R"("lib/x": is a sparse file; only files, directories and symbolic links are allowed)"},
    {"fifo",
     {special(MemberType::fifo)},
     R"("lib/x": is a FIFO; only files, directories and symbolic links are allowed)"},
    {"character_device",
     {special(MemberType::character_device)},
     R"("lib/x": is a character device; only files, directories and symbolic links are allowed)"},
    {"block_device",
     {special(MemberType::block_device)},
     R"("lib/x": is a block device; only files, directories and symbolic links are allowed)"},
    {"unknown",
     {special(MemberType::other)},
     R"("lib/x": is of an unknown kind; only files, directories and symbolic links are allowed)"},
    {"setuid",
     {special(MemberType::regular, 04755)},
     R"("lib/x": has the setuid, setgid or sticky bit)"},
    {"setgid",
     {special(MemberType::directory, 02755)},
     R"("lib/x": has the setuid, setgid or sticky bit)"},
    {"sticky",
     {special(MemberType::directory, 01777)},
     R"("lib/x": has the setuid, setgid or sticky bit)"},
};

const BadCase bad_links[] = {
    {"to_nothing", {link("lib/x", "")}, R"("lib/x": the link is empty)"},
    {"absolute_target", {link("lib/x", "/etc/passwd")}, R"("lib/x": the link is absolute)"},
    {"out", {link("lib/x", "../../etc")}, R"("lib/x": the link to "../../etc" leads out)"},
    {"to_the_root", {link("lib/x", "..")}, R"("lib/x": the link to ".." leads out)"},
    {"beside_the_release", {link("lib/x", "../etc")}, R"("lib/x": the link to "../etc" leads out)"},
    {"up_inside",
     {link("lib/x", "a/../../..")},
     R"("lib/x": the link to "a/../../.." is not a plain path: `..` may only stand at its front)"},
    {"dot_inside_target",
     {link("lib/x", "./a")},
     R"("lib/x": the link to "./a" is not a plain path: `..` may only stand at its front)"},
    {"control_in_target", {link("lib/x", "a\x1b")}, R"("lib/x": the link has control characters)"},
    {"through_a_link",
     {link("lib/a", "b"), file("lib/a/x")},
     R"("lib/a/x": lies under "lib/a", which is not a directory)"},
    {"link_where_members_lie",
     {file("lib/a/x"), link("lib/a", "b")},
     R"("lib/a": stands where earlier members need a directory)"},
};

const BadCase bad_pairs[] = {
    {"twice", {file("lib/a"), file("lib/a")}, R"("lib/a": occurs twice)"},
    {"directory_twice", {directory("lib/a"), directory("lib/a/")}, R"("lib/a/": occurs twice)"},
    {"file_over_directory", {directory("lib/a"), file("lib/a")}, R"("lib/a": occurs twice)"},
    {"directory_over_file", {file("lib/a"), directory("lib/a")}, R"("lib/a": occurs twice)"},
    {"file_over_implied",
     {file("lib/a/b"), file("lib/a")},
     R"("lib/a": stands where earlier members need a directory)"},
    {"under_a_file",
     {file("lib/a"), file("lib/a/b")},
     R"("lib/a/b": lies under "lib/a", which is not a directory)"},
    {"case", {file("lib/A"), file("lib/a")}, R"("lib/a": differs from "lib/A" in case only)"},
    {"case_of_parent",
     {file("lib/A/x"), file("lib/a/y")},
     R"("lib/a/y": differs from "lib/A" in case only)"},
};

const auto name_of = [](const auto& test) { return test.param.name; };
INSTANTIATE_TEST_SUITE_P(Names, ArchiveRulesBroken, ::testing::ValuesIn(bad_names), name_of);
INSTANTIATE_TEST_SUITE_P(Types, ArchiveRulesBroken, ::testing::ValuesIn(bad_types), name_of);
INSTANTIATE_TEST_SUITE_P(Links, ArchiveRulesBroken, ::testing::ValuesIn(bad_links), name_of);
INSTANTIATE_TEST_SUITE_P(Pairs, ArchiveRulesBroken, ::testing::ValuesIn(bad_pairs), name_of);

TEST(ArchiveLimits, AreKept) {
  const ArchiveLimits limits = {.members = 3,
                                .path_bytes = 20,
                                .all_paths_bytes = 30,
                                .member_bytes = 5000,
                                .total_bytes = 8000,
                                .ratio = 4,
                                .ratio_from_bytes = 100};
  const auto message = [&](const std::vector<Member>& members, ArchiveLimits changed) {
    return error_of([&] { check_all(members, changed); });
  };
  EXPECT_NO_THROW(check_all({file("lib/a"), file("lib/b"), file("lib/c", 4000)}, limits));
  EXPECT_THAT(message({file("lib/a"), file("lib/b"), file("lib/c"), file("lib/d")}, limits),
              HasSubstr("\"lib/d\": the archive has more than 3 members"));
  EXPECT_THAT(message({file("lib/" + std::string(17, 'x'))}, limits),
              HasSubstr("the name has more than 20 bytes"));
  EXPECT_THAT(message({link("lib/a", std::string(21, 'x'))}, limits),
              HasSubstr("the link has more than 20 bytes"));
  EXPECT_THAT(message({file("lib/1/2/3/4"), file("lib/1/2/5/6")}, limits),
              HasSubstr("the names up to here have more than 30 bytes together"));
  EXPECT_THAT(message({file("lib/a", 5001)}, limits),
              HasSubstr("has 5001 bytes, more than the 5000 allowed"));
  EXPECT_THAT(message({file("lib/a", 4000), file("lib/b", 4001)}, limits),
              HasSubstr("the members up to here have more than 8000 bytes together"));
  EXPECT_THAT(message({file("lib/a", 4004)}, limits),
              HasSubstr("unpacks to more than 4 times its own size"));
}

TEST(ArchiveLimits, SizesDoNotWrapAround) {
  const std::uint64_t huge = ~std::uint64_t{0};
  EXPECT_THAT(error_of([&] { check_all({file("lib/a", huge)}); }), HasSubstr("allowed"));
}

TEST(ArchiveRules, LongNamesAreShownInPart) {
  const std::string message = error_of([] { check_all({file(std::string(5000, 'x'))}); });
  EXPECT_LT(message.size(), 400U);
}

}  // namespace
}  // namespace relup::release
