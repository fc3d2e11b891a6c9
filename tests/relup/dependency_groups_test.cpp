// SPDX-License-Identifier: Apache-2.0
#include "relup/dependency_groups.hpp"

#include <gmock/gmock.h>

#include "term/printer.hpp"

namespace relup {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Groups = std::vector<std::vector<std::string>>;

struct Module {
  std::string name;
  std::vector<std::string> depends_on = {};
};

Script script_of(const std::vector<Module>& modules) {
  Script script;
  for (const Module& module : modules) {
    appup::LoadModule load{Atom(module.name)};
    for (const std::string& name : module.depends_on)
      load.dep_mods.emplace_back(name);
    script.push_back({load, nullptr, {}});
  }
  return script;
}

Groups groups_of(const std::vector<Module>& modules, const TieBreak& tie_break = {}) {
  const Script script = script_of(modules);
  Problems problems;
  const auto indices = dependency_groups(script, tie_break, problems);
  EXPECT_TRUE(indices) << problems.front().diagnostic.message;
  Groups groups;
  for (const auto& group : indices.value_or(std::vector<std::vector<std::size_t>>())) {
    groups.emplace_back();
    for (const std::size_t index : group)
      groups.back().push_back(modules[index].name);
  }
  return groups;
}

struct GroupCase {
  const char* name;
  std::vector<Module> modules;
  Groups groups;
};

class DependencyGroups : public ::testing::TestWithParam<GroupCase> {};

TEST_P(DependencyGroups, HaveDependentsInFront) {
  EXPECT_EQ(groups_of(GetParam().modules), GetParam().groups);
}

INSTANTIATE_TEST_SUITE_P(
    All, DependencyGroups,
    ::testing::Values(
        GroupCase{"nothing", {}, {}}, GroupCase{"one", {{"a"}}, {{"a"}}},
        GroupCase{"untied", {{"b"}, {"a"}, {"c"}}, {{"b"}, {"a"}, {"c"}}},
        GroupCase{"chain", {{"a", {"b"}}, {"b", {"c"}}, {"c"}}, {{"a", "b", "c"}}},
        GroupCase{
            "chain_written_backwards", {{"c"}, {"b", {"c"}}, {"a", {"b"}}}, {{"a", "b", "c"}}},
        GroupCase{
            "diamond",
            {{"bottom"}, {"left", {"bottom"}}, {"right", {"bottom"}}, {"top", {"left", "right"}}},
            {{"top", "left", "right", "bottom"}}},
        GroupCase{"two_on_one", {{"a", {"c"}}, {"b", {"c"}}, {"c"}}, {{"a", "b", "c"}}},
        GroupCase{"one_on_two", {{"c"}, {"b"}, {"a", {"b", "c"}}}, {{"a", "c", "b"}}},
        GroupCase{"itself", {{"a", {"a"}}}, {{"a"}}},
        GroupCase{"repeated", {{"a", {"b", "b"}}, {"b"}}, {{"a", "b"}}},
        GroupCase{"cycle", {{"b", {"a"}}, {"a", {"b"}}}, {{"b", "a"}}},
        GroupCase{
            "cycle_with_head", {{"a", {"b"}}, {"b", {"a"}}, {"head", {"a"}}}, {{"head", "a", "b"}}},
        GroupCase{"cycle_with_tail",
                  {{"tail"}, {"a", {"b", "tail"}}, {"b", {"a"}}},
                  {{"a", "b", "tail"}}},
        GroupCase{"two_groups_by_their_first_members",
                  {{"a", {"d"}}, {"b", {"c"}}, {"c"}, {"d"}},
                  {{"a", "d"}, {"b", "c"}}},
        GroupCase{"joined_late",
                  {{"a"}, {"b"}, {"c", {"a"}}, {"d", {"a", "b"}}},
                  {{"c", "d", "a", "b"}}}),
    [](const auto& test) { return test.param.name; });

TEST(DependencyGroupsTieBreak, DecidesWhereDependenciesDoNot) {
  const std::vector<Module> modules{{"a", {"c"}}, {"b", {"c"}}, {"c"}};
  EXPECT_EQ(groups_of(modules, {{Atom("b"), 0}, {Atom("a"), 1}}), (Groups{{"b", "a", "c"}}));
  EXPECT_EQ(groups_of(modules, {{Atom("c"), 0}, {Atom("a"), 7}, {Atom("b"), 8}}),
            (Groups{{"a", "b", "c"}}));
}

TEST(DependencyGroupsFaults, AreAllReported) {
  Problems problems;
  EXPECT_FALSE(dependency_groups(script_of({{"a", {"x"}}, {"b", {"y"}}}), {}, problems));
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(print(problems[0].reason), "{undef_module,x}");
  EXPECT_EQ(problems[0].diagnostic.rule, "undef-module");
  EXPECT_EQ(print(problems[1].reason), "{undef_module,y}");
  problems.clear();
  EXPECT_FALSE(dependency_groups(script_of({{"a"}, {"a"}, {"a"}}), {}, problems));
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(print(problems[0].reason), "{muldef_module,a}");
}

// Deep enough to end a program that follows dependencies by recursion.
constexpr std::size_t many = 100'000;

std::vector<Module> chain(bool closed) {
  std::vector<Module> modules;
  for (std::size_t i = 0; i < many; ++i) {
    const std::size_t next = (i + 1) % many;
    Module module{"m" + std::to_string(i)};
    if (next != 0 || closed) module.depends_on.push_back("m" + std::to_string(next));
    modules.push_back(std::move(module));
  }
  return modules;
}

TEST(DependencyGroupsOfMany, AChain) {
  std::vector<Module> modules = chain(false);
  std::reverse(modules.begin(), modules.end());
  const Groups groups = groups_of(modules);
  ASSERT_EQ(groups.size(), 1U);
  ASSERT_EQ(groups[0].size(), many);
  for (std::size_t i = 0; i < many; ++i)
    ASSERT_EQ(groups[0][i], "m" + std::to_string(i));
}

TEST(DependencyGroupsOfMany, ACircleKeepsTheOrderOfTheScript) {
  const std::vector<Module> modules = chain(true);
  const Groups groups = groups_of(modules);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].front(), "m0");
  EXPECT_EQ(groups[0].back(), "m" + std::to_string(many - 1));
}

TEST(DependencyGroupsOfMany, OnesThatNeedNobody) {
  std::vector<Module> modules(many);
  for (std::size_t i = 0; i < many; ++i)
    modules[i].name = "m" + std::to_string(i);
  EXPECT_EQ(groups_of(modules).size(), many);
}

}  // namespace
}  // namespace relup
