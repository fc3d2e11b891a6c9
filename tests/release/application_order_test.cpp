// SPDX-License-Identifier: Apache-2.0
#include "release/application_order.hpp"

#include <gmock/gmock.h>

#include "term/printer.hpp"

namespace relup::release {
namespace {

using Names = std::vector<std::string>;

struct App {
  const char* name;
  Names uses = {};
  Names includes = {};
  Names optional = {};
  Names modules = {};
  Names registered = {};
};

std::vector<Atom> atoms(const Names& names) {
  std::vector<Atom> list;
  for (const std::string& name : names)
    list.emplace_back(name);
  return list;
}

ResolvedRelease release_of(const std::vector<App>& apps) {
  ResolvedRelease release;
  release.rel.source = make_source("shop.rel", "{release, ...}.");
  for (const App& app : apps) {
    const Atom name(app.name);
    release.rel.applications.push_back({name, "1", Atom("permanent"), std::nullopt, {}});
    const AppFile file{.name = name,
                       .version = "1",
                       .modules = atoms(app.modules),
                       .registered = atoms(app.registered),
                       .applications = atoms(app.uses),
                       .optional_applications = atoms(app.optional),
                       .included_applications = atoms(app.includes),
                       .description = {},
                       .id = {},
                       .environment = {},
                       .start_module = {},
                       .start_phases = {},
                       .max_time = {},
                       .max_processes = {},
                       .source = make_source(std::string(app.name) + ".app", "{application}."),
                       .directory = "lib"};
    release.applications.push_back({file, Atom("permanent"), atoms(app.uses), atoms(app.includes)});
  }
  return release;
}

struct OrderCase {
  const char* name;
  std::vector<App> apps;
  Names order;
};

class StartOrder : public ::testing::TestWithParam<OrderCase> {};

TEST_P(StartOrder, IsThatOfTheRelFileUnlessSomethingForcesAMove) {
  ResolvedRelease release = release_of(GetParam().apps);
  Problems problems;
  ASSERT_TRUE(put_in_start_order(release, problems)) << problems.front().diagnostic.message;
  Names order;
  for (const Application& application : release.applications)
    order.push_back(application.name().name());
  EXPECT_EQ(order, GetParam().order);
}

INSTANTIATE_TEST_SUITE_P(
    All, StartOrder,
    ::testing::Values(
        OrderCase{"nothing", {}, {}},
        OrderCase{"as_written", {{"b"}, {"a"}, {"c"}}, {"b", "a", "c"}},
        OrderCase{"what_is_used_goes_in_front", {{"a", {"c"}}, {"b"}, {"c"}}, {"c", "a", "b"}},
        OrderCase{"a_chain_backwards", {{"a", {"b"}}, {"b", {"c"}}, {"c"}}, {"c", "b", "a"}},
        OrderCase{"several_in_the_order_of_the_rel_file",
                  {{"a", {"d", "c"}}, {"b"}, {"c"}, {"d"}},
                  {"c", "d", "a", "b"}},
        OrderCase{"included_ones_come_first", {{"a", {}, {"b"}}, {"b"}}, {"b", "a"}},
        OrderCase{"a_user_of_an_included_one_waits_for_its_top",
                  {{"user", {"part"}}, {"top", {}, {"part"}}, {"part"}},
                  {"part", "top", "user"}},
        OrderCase{"an_optional_one_that_is_there_goes_in_front",
                  {{"a", {"b"}, {}, {"b"}}, {"b"}},
                  {"b", "a"}},
        OrderCase{"an_optional_one_need_not_be_there", {{"a", {"b"}, {}, {"b"}}}, {"a"}}),
    [](const auto& test) { return test.param.name; });

struct FaultCase {
  const char* name;
  std::vector<App> apps;
  const char* rule;
  const char* reason;
};

class StartOrderFault : public ::testing::TestWithParam<FaultCase> {};

TEST_P(StartOrderFault, IsReported) {
  ResolvedRelease release = release_of(GetParam().apps);
  Problems problems;
  EXPECT_FALSE(put_in_start_order(release, problems));
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems[0].diagnostic.rule, GetParam().rule);
  EXPECT_TRUE(print(problems[0].reason).starts_with(GetParam().reason))
      << print(problems[0].reason);
}

INSTANTIATE_TEST_SUITE_P(
    All, StartOrderFault,
    ::testing::Values(FaultCase{"undefined",
                                {{"a", {"x", "y"}}},
                                "undefined-application",
                                "{undefined_applications,[x,y]}"},
                      FaultCase{"circle",
                                {{"a", {"b"}}, {"b", {"a"}}},
                                "circular-applications",
                                "{circular_dependencies,[{"},
                      FaultCase{"one_module_in_two",
                                {{"a", {}, {}, {}, {"m"}}, {"b", {}, {}, {}, {"m"}}},
                                "duplicate-module",
                                "{duplicate_modules,[{{m,a,"},
                      FaultCase{"one_name_of_two",
                                {{"a", {}, {}, {}, {}, {"n"}}, {"b", {}, {}, {}, {}, {"n"}}},
                                "duplicate-registered name",
                                "{duplicate_register,[{{n,a,"},
                      FaultCase{"included_twice",
                                {{"a", {}, {"c"}}, {"b", {}, {"c"}}, {"c"}},
                                "duplicate-included application",
                                "{duplicate_include,[{{c,a,"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace relup::release
