// SPDX-License-Identifier: Apache-2.0
//
// The tarballs of Mix and rebar3 as they are: no relup in them, the files of the host beside the
// release, and not what OTP's unpack_release/1 looks for.

#include "live/support/source_variant.hpp"
#include "site_test.hpp"

namespace relup::live_tests {
namespace {

using testing::HasSubstr;

const ProjectBuilds& mix_builds() {
  static const ProjectBuilds made(tools(), shop_with("steps: [:assemble, :tar]"), Tarballs::stock);
  return made;
}

Project depot_with_tarballs() {
  Project project = depot();
  project.build = "rebar3 as prod tar > build.log 2>&1 || (cat build.log; false)";
  return project;
}

const ProjectBuilds& rebar_builds() {
  static const ProjectBuilds made(tools(), depot_with_tarballs(), Tarballs::stock);
  return made;
}

class MixTarball : public SiteTest {
 protected:
  MixTarball() : SiteTest(mix_builds()) { site_.start(); }
};

class RebarTarball : public SiteTest {
 protected:
  RebarTarball() : SiteTest(rebar_builds()) { site_.start(); }
};

TEST_F(MixTarball, GoesUpAndDownAsItIs) {
  const std::string cookie = read_file(file("releases/COOKIE"));
  const auto check =
      nlohmann::json::parse(relup({"check", "2.9.6-rc.0", "--format", "json"}).output);
  EXPECT_THAT(check.at("notes").dump(), HasSubstr("without a relup"));
  EXPECT_THAT(check.at("loads").dump(), HasSubstr("Elixir.Shop.Display"));
  EXPECT_FALSE(exists(file("releases/2.9.6-rc.0")));
  relup({"upgrade", "2.9.6-rc.0"});
  EXPECT_EQ(ask("coupon ten"), "10 percent off with ten");
  EXPECT_EQ(read_file(file("releases/COOKIE")), cookie);
  relup({"upgrade", "2.9.6"});
  EXPECT_EQ(ask("coupon ten"), "15 percent off with ten");
  relup({"downgrade", "2.9.6-rc.0"});
  relup({"downgrade", "2.9.4"});
  EXPECT_EQ(ask("version"), "2.9.4");
}

TEST_F(RebarTarball, GoesUpAndDownAsItIs) {
  relup({"upgrade", "0.10.0-beta.1"});
  EXPECT_EQ(ask("version"), "0.10.0-beta.1");
  site_.start();
  EXPECT_EQ(ask("version"), "0.10.0-beta.1");
  relup({"downgrade", "0.9.0"});
  EXPECT_EQ(ask("version"), "0.9.0");
}

// The fall, twice: OTP takes neither the tarball nor a root without RELEASES for what they are.
TEST_F(MixTarball, WithoutRelupOtpDoesNotUnpackIt) {
  const Term answer =
      site_.call("release_handler", "unpack_release", {Term::string("shop-2.9.6-rc.0")});
  EXPECT_THAT(print(answer), HasSubstr("enoent"));
}

TEST_F(MixTarball, WithoutRelupTheRunningReleaseHasNoLibraries) {
  const auto libraries = [&] {
    const Term releases = site_.call("release_handler", "which_releases", {});
    return print(releases.as_list()->back().as_tuple()->at(2));
  };
  EXPECT_EQ(libraries(), "[]");
  relup({"upgrade", "2.9.6-rc.0"});
  EXPECT_THAT(libraries(), HasSubstr("shop-2.9.4"));
}

// Packed by relup, a stock tarball is one for the release handler.
TEST_F(MixTarball, CanBePacked) {
  const auto stock = file("releases/shop-2.9.6-rc.0.tar.gz");
  const auto packed = site_.directory() / "packed.tar.gz";
  relup({"pack", stock, "-o", packed});
  std::filesystem::rename(packed, stock);
  const Term answer =
      site_.call("release_handler", "unpack_release", {Term::string("shop-2.9.6-rc.0")});
  EXPECT_TRUE(answer.is_tagged("ok", 2)) << print(answer);
}

}  // namespace
}  // namespace relup::live_tests
