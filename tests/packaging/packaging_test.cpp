// SPDX-License-Identifier: Apache-2.0
//
// The files by which other tools run relup: that they parse and say what those tools look for.
#include <regex>

#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

namespace relup {
namespace {

using ::testing::MatchesRegex;

YAML::Node load(const std::string& path) {
  return YAML::LoadFile(RELUP_TESTDATA "/../" + path);
}

TEST(PreCommitHooks, RunRelupOnAppups) {
  const YAML::Node hooks = load(".pre-commit-hooks.yaml");
  ASSERT_EQ(hooks.size(), 2U);
  EXPECT_EQ(hooks[0]["id"].as<std::string>(), "relup-lint");
  EXPECT_EQ(hooks[1]["id"].as<std::string>(), "relup-fmt");
  for (const YAML::Node& hook : hooks) {
    EXPECT_FALSE(hook["name"].as<std::string>().empty());
    EXPECT_EQ(hook["language"].as<std::string>(), "system");
    EXPECT_THAT(hook["entry"].as<std::string>(), MatchesRegex("relup [a-z]+"));
    const std::regex files(hook["files"].as<std::string>());
    EXPECT_TRUE(std::regex_search("apps/shop/src/shop.appup.src", files));
    EXPECT_TRUE(std::regex_search("shop.appup", files));
    EXPECT_FALSE(std::regex_search("shop.appup.bak", files));
  }
}

TEST(GithubAction, IsComposite) {
  const YAML::Node action = load("packaging/github-action/action.yml");
  EXPECT_EQ(action["runs"]["using"].as<std::string>(), "composite");
  for (const char* input : {"version", "paths", "from", "to", "args"})
    EXPECT_TRUE(action["inputs"][input]["description"]) << input;
  for (const YAML::Node& step : action["runs"]["steps"]) {
    EXPECT_NE(step["run"].IsDefined(), step["uses"].IsDefined());
    if (step["run"]) {
      EXPECT_EQ(step["shell"].as<std::string>(), "bash");
      // An input in a script would be run as one.
      EXPECT_EQ(step["run"].as<std::string>().find("${{"), std::string::npos);
    } else {
      EXPECT_THAT(step["uses"].as<std::string>(), MatchesRegex("[a-z/-]+@v[0-9]+"));
    }
  }
}

}  // namespace
}  // namespace relup
