// SPDX-License-Identifier: Apache-2.0
//
// What an install does to the settings of applications, told without telling a secret.
#include "live/application_settings.hpp"

#include <gmock/gmock.h>

#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/term_file.hpp"

namespace relup::live {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Settings settings(const std::string& text) {
  return read_settings(parse_single_term("settings", text + "."));
}

std::string line(const SettingChange& change) {
  std::string text = change.application;
  for (const std::string& key : change.path)
    text += " " + key;
  return text + ": " + change.before.value_or("-") + " -> " + change.after.value_or("-");
}

std::vector<std::string> compare(const std::string& node, const std::string& release) {
  std::vector<std::string> lines;
  for (const SettingChange& change : compare_settings(settings(node), settings(release)))
    lines.push_back(line(change));
  return lines;
}

TEST(SettingsTest, ToldAreThoseThatDiffer) {
  EXPECT_THAT(compare("[{b,[{x,1},{y,2}]},{a,[{z,3}]}]", "[{b,[{x,1},{y,4},{w,5}]},{a,[{v,6}]}]"),
              ElementsAre("a v: - -> 6", "a z: 3 -> -", "b w: - -> 5", "b y: 2 -> 4"));
}

TEST(SettingsTest, AnApplicationThatLeavesIsNoChangeOfSettings) {
  EXPECT_THAT(compare("[{gone,[{x,1}]}]", "[{shop,[]}]"), IsEmpty());
}

TEST(SettingsTest, KeywordListsAndMapsAreFollowedInwards) {
  EXPECT_THAT(
      compare(
          "[{shop,[{'Elixir.Shop.Repo',[{pool,#{size => 10,kind => lifo}},{host,<<\"a\">>}]}]}]",
          "[{shop,[{'Elixir.Shop.Repo',[{host,<<\"a\">>},{pool,#{size => 20,kind => lifo}}]}]}]"),
      ElementsAre("shop Shop.Repo pool size: 10 -> 20"));
  EXPECT_THAT(compare("[{shop,[{ports,[1,2]}]}]", "[{shop,[{ports,[1,3]}]}]"),
              ElementsAre("shop ports: [1,2] -> [1,3]"));
  // The same key twice is no keyword list to walk in.
  EXPECT_THAT(compare("[{shop,[{l,[{a,1},{a,2}]}]}]", "[{shop,[{l,[{a,1},{a,3}]}]}]"),
              ElementsAre("shop l: [{a,1},{a,2}] -> [{a,1},{a,3}]"));
}

class Secret : public ::testing::TestWithParam<const char*> {};

TEST_P(Secret, IsNeverShown) {
  const std::string key = GetParam();
  const std::string before = "[{shop,[{" + key + ",<<\"pepper\">>}]}]";
  const std::string after = "[{shop,[{" + key + ",<<\"saffron\">>}]}]";
  EXPECT_THAT(compare(before, after), ElementsAre("shop " + key + ": (hidden) -> (hidden)"));
  // Below a key that is not there on the other side, where the whole value is told.
  const std::string whole = "[{shop,[{repo,[{" + key + ",<<\"pepper\">>},{size,1}]}]}]";
  const auto lines = compare("[{shop,[]}]", whole);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], ::testing::Not(::testing::HasSubstr("pepper")));
  EXPECT_THAT(lines[0], ::testing::HasSubstr("{size,1}"));
}

INSTANTIATE_TEST_SUITE_P(All, Secret,
                         ::testing::Values("password", "db_passwd", "api_secret", "secret_key_base",
                                           "auth_token", "cookie", "private_key", "api_key", "key",
                                           "signing_salt", "credentials", "sentry_dsn"));

TEST(SettingsTest, EverythingBelowASecretIsOne) {
  EXPECT_THAT(compare("[{shop,[{credentials,[{user,a},{what,b}]}]}]",
                      "[{shop,[{credentials,[{user,a},{what,c}]}]}]"),
              ElementsAre("shop credentials what: (hidden) -> (hidden)"));
}

TEST(SettingsTest, APasswordInAnAddressIsHidden) {
  EXPECT_THAT(compare("[{shop,[{url,<<\"ecto://shop:pepper@db/shop\">>}]}]",
                      "[{shop,[{url,<<\"https://example.com/@home\">>}]}]"),
              ElementsAre("shop url: <<\"ecto://(hidden)@db/shop\">> -> "
                          "<<\"https://example.com/@home\">>"));
}

TEST(SettingsTest, WhatElixirAndKernelKeepForThemselvesIsNotTold) {
  EXPECT_THAT(compare("[{elixir,[{config_provider_booted,x}]},{kernel,[{logger,y}]}]",
                      "[{elixir,[{config_provider_init,z}]},{kernel,[]}]"),
              IsEmpty());
  EXPECT_THAT(compare("[{kernel,[{logger,y}]}]", "[{kernel,[{logger,z}]}]"),
              ElementsAre("kernel logger: y -> z"));
}

// .app file, configuration, command line: the later wins (application(3)).
TEST(SettingsTest, OfAReleaseTheLaterLayerWins) {
  support::MemoryFileSystem files;
  support::write_release(files, "/shop", {"1.0", {{"shop", "1.0"}}});
  support::write_file(files, "/shop/lib/shop-1.0/ebin/shop.app",
                      "{application,shop,[{description,\"\"},{vsn,\"1.0\"},{modules,[]},"
                      "{registered,[]},{applications,[]},{env,[{a,1},{b,1},{c,1}]}]}.");
  const auto tree = release::load_release(release::resolve_reference(files, "/shop"), {});
  const Settings all =
      settings_of(tree, settings("[{shop,[{b,2},{c,2}]}]"), settings("[{shop,[{c,3}]}]"));
  EXPECT_EQ(all.at(Atom("shop")), settings("[{shop,[{a,1},{b,2},{c,3}]}]").at(Atom("shop")));
}

}  // namespace
}  // namespace relup::live
