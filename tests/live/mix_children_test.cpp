// SPDX-License-Identifier: Apache-2.0
//
// An application of Elixir starts its top supervisor itself, without init/1 of a module of its own:
// no update of a supervisor reaches that, and a child that the new release lists there is not
// started by an install. Here 2.9.6-rc.0 has one more than 2.9.4.

#include "site_test.hpp"

namespace relup::live_tests {
namespace {

using testing::HasSubstr;

Project shop_with_another_child() {
  Project project = shop();
  project.versions.resize(2);
  const std::string file = "lib/application.ex";
  project.edits.push_back({file, "  @impl true\n  def start(_type, _args) do", R"(
  @more (case Mix.Project.config()[:version] do
           "2.9.4" -> []
           _ -> [%{id: Shop.Bell, start: {Agent, :start_link, [Map, :new, []]}}]
         end)

  @impl true
  def start(_type, _args) do)"});
  project.edits.push_back(
      {file, "      Shop.Listener\n    ]", "      Shop.Listener\n    ] ++ @more"});
  return project;
}

class MixChildrenTest : public SiteTest {
 protected:
  MixChildrenTest() : SiteTest(builds()) { site_.start(); }

  static const ProjectBuilds& builds() {
    static const ProjectBuilds made(tools(), shop_with_another_child());
    return made;
  }
};

TEST_F(MixChildrenTest, AChildThatAnApplicationWouldStartIsTold) {
  EXPECT_THAT(
      relup({"upgrade", "2.9.6-rc.0"}).errors,
      HasSubstr("Elixir.Shop.Bell, which 2.9.6-rc.0 has below Elixir.Shop.Supervisor, does "
                "not run: Elixir.Shop.Supervisor does not know it; supervisor:start_child/2 "
                "adds it, or a restart of Elixir.Shop.Supervisor with its application "
                "starts it"));
  const Term known =
      site_.call("supervisor", "get_childspec",
                 {Term::atom("Elixir.Shop.Supervisor"), Term::atom("Elixir.Shop.Bell")});
  EXPECT_TRUE(known.is_tagged("error", 2));
}

}  // namespace
}  // namespace relup::live_tests
