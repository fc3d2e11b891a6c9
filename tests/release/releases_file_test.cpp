// SPDX-License-Identifier: Apache-2.0
#include "release/releases_file.hpp"

#include <gmock/gmock.h>

#include "release/hand_made_tar.hpp"
#include "support/error_of.hpp"

namespace relup::release {
namespace {

using support::error_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<InstalledRelease> two_releases() {
  return {{.name = "shop",
           .version = "2.9.6-rc.0",
           .erts = "13.1.5",
           .libraries = {{"kernel", "8.5.3", "lib/kernel-8.5.3"},
                         {"shop", "2.9.6-rc.0", "/srv/shop/lib/shop-2.9.6-rc.0"}},
           .status = ReleaseStatus::permanent},
          {.name = "shop",
           .version = "2.9.5",
           .erts = std::nullopt,
           .libraries = {},
           .status = ReleaseStatus::old}};
}

TEST(ReleasesFile, IsWrittenAsOtpWritesIt) {
  EXPECT_EQ(format_releases_file(two_releases()), R"(%% coding: utf-8
[{release,"shop","2.9.6-rc.0","13.1.5",
          [{kernel,"8.5.3","lib/kernel-8.5.3"},
           {shop,"2.9.6-rc.0","/srv/shop/lib/shop-2.9.6-rc.0"}],
          permanent},
 {release,"shop","2.9.5",undefined,[],old}].
)");
}

TEST(ReleasesFile, ReadsWhatItWrites) {
  EXPECT_EQ(parse_releases_file("RELEASES", format_releases_file(two_releases())), two_releases());
  EXPECT_TRUE(parse_releases_file("RELEASES", format_releases_file({})).empty());
}

TEST(ReleasesFile, KnowsEveryStatus) {
  for (const char* status : {"unpacked", "current", "permanent", "old", "tmp_current"}) {
    const std::string text = std::string(R"([{release,"a","1","2",[],)") + status + "}].";
    EXPECT_EQ(to_string(parse_releases_file("RELEASES", text).at(0).status), status);
  }
}

TEST(ReleasesFile, EveryPrefixIsAnError) {
  const std::string text = format_releases_file(two_releases());
  const std::size_t full_stop = text.rfind('.');
  for (std::size_t size = 0; size < full_stop; ++size) {
    EXPECT_THAT(error_of([&] { parse_releases_file("RELEASES", text.substr(0, size)); }),
                StartsWith("RELEASES"))
        << size;
  }
}

struct DamageCase {
  const char* name;
  const char* text;
  const char* message;
};

class ReleasesFileDamage : public ::testing::TestWithParam<DamageCase> {};

TEST_P(ReleasesFileDamage, NamesThePlace) {
  EXPECT_THAT(error_of([] { parse_releases_file("releases/RELEASES", GetParam().text); }),
              HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ReleasesFileDamage,
    ::testing::Values(
        DamageCase{"no_list", "ok.",
                   "releases/RELEASES:1:1: expected a list of releases, found ok"},
        DamageCase{"no_release", "[\n {rel}].", "RELEASES:2:2: expected {release, Name, Vsn,"},
        DamageCase{"bad_name", R"([{release,a,"1","2",[],old}].)",
                   "RELEASES:1:11: expected the name of a release, a string, found a"},
        DamageCase{"bad_version", R"([{release,"a",1,"2",[],old}].)",
                   ":1:15: expected the version of a release, a string, found 1"},
        DamageCase{"bad_erts", R"([{release,"a","1",none,[],old}].)",
                   ":1:19: expected the version of ERTS, a string or `undefined`"},
        DamageCase{"bad_libraries", R"([{release,"a","1","2",x,old}].)",
                   ":1:23: expected a list of libraries"},
        DamageCase{"bad_library", R"([{release,"a","1","2",[{x,"1"}],old}].)",
                   ":1:24: expected {Lib, LibVsn, LibDir}"},
        DamageCase{"bad_library_name", R"([{release,"a","1","2",[{"x","1","d"}],old}].)",
                   ":1:25: expected the name of a library, an atom"},
        DamageCase{"bad_status", R"([{release,"a","1","2",[],new}].)",
                   ":1:26: expected a status: unpacked, current, permanent, old or tmp_current"}),
    [](const auto& test) { return test.param.name; });

TEST(StartErlData, ReadsWhatItWrites) {
  const StartErlData data{"13.1.5", "2.9.6-rc.0"};
  EXPECT_EQ(format_start_erl_data(data), "13.1.5 2.9.6-rc.0");
  EXPECT_EQ(parse_start_erl_data("start_erl.data", format_start_erl_data(data)), data);
}

TEST(StartErlData, WhiteSpaceBehindItIsFine) {
  const StartErlData data{"13.1.5", "1"};
  for (const char* text : {"13.1.5 1\n", "13.1.5 1\r\n", "13.1.5  1 \n\n"}) {
    EXPECT_EQ(parse_start_erl_data("start_erl.data", text), data) << text;
  }
}

TEST(StartErlData, AnythingElseIsAnError) {
  for (const char* text :
       {"", " ", "\n", "13.1.5", "13.1.5 ", " 13.1.5 1", "13.1.5 1\n13.1.5 2", "13.1.5\n1"}) {
    EXPECT_THAT(error_of([&] { parse_start_erl_data("start_erl.data", text); }),
                StartsWith("start_erl.data: "))
        << text;
  }
}

}  // namespace
}  // namespace relup::release
