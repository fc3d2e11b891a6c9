// SPDX-License-Identifier: Apache-2.0
#include "host/relup_file.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace relup::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string relup = R"(%% coding: utf-8
{"2",
 [{"1",[],
   [{load_object_code,{shop,"2",[a,b]}},
    point_of_no_return,
    {suspend,[a,{c,500}]},
    {load,{a,soft_purge,brutal_purge}},
    {remove,{b,brutal_purge,soft_purge}},
    {code_change,up,[{a,[]}]},
    {resume,[a,c]}]}],
 [{"1","back",
   [point_of_no_return,restart_emulator]}]}.
)";

TEST(RelupFile, TheUpScriptIsThatOfTheNewRelease) {
  const auto script = find_script("1", "2", std::nullopt, relup);
  ASSERT_TRUE(script);
  EXPECT_EQ(script->direction, appup::Direction::up);
  EXPECT_EQ(script->steps, 7U);
  EXPECT_THAT(script->loaded, ElementsAre(Atom("a"), Atom("b")));
  EXPECT_THAT(script->suspended, ElementsAre(Atom("a"), Atom("c")));
  EXPECT_THAT(script->purged_softly, ElementsAre(Atom("a")));
  EXPECT_THAT(script->purged_brutally, ElementsAre(Atom("a")));
  EXPECT_THAT(script->purged_brutally_before, ElementsAre(Atom("b")));
  EXPECT_FALSE(script->restarts_emulator);
}

TEST(RelupFile, OfAnApplicationThatRestartsEachModuleCountsOnce) {
  const auto script = find_script("1", "2", std::nullopt, R"({"2",[{"1",[],
      [{load_object_code,{shop,"2",[a]}}, point_of_no_return,
       {remove,{a,brutal_purge,brutal_purge}}, {remove,{b,brutal_purge,brutal_purge}},
       {purge,[a,b]}, {load,{a,brutal_purge,brutal_purge}}]}],[]}.)");
  ASSERT_TRUE(script);
  EXPECT_THAT(script->loaded, ElementsAre(Atom("a"), Atom("b")));
  EXPECT_THAT(script->removed, ElementsAre(Atom("b")));
  EXPECT_THAT(script->purged_brutally, ElementsAre(Atom("a"), Atom("b")));
}

TEST(RelupFile, TheDownScriptIsThatOfTheRunningRelease) {
  const auto script = find_script("2", "1", relup, std::nullopt);
  ASSERT_TRUE(script);
  EXPECT_EQ(script->direction, appup::Direction::down);
  EXPECT_TRUE(script->restarts_emulator);
  EXPECT_THAT(script->loaded, IsEmpty());
}

TEST(RelupFile, WhereBothHaveOneTheUpScriptIsTaken) {
  const std::string other = "{\"1\",[{\"2\",[],[point_of_no_return]}],[]}.";
  EXPECT_EQ(find_script("2", "1", relup, other)->direction, appup::Direction::up);
}

TEST(RelupFile, NoEntryIsNoScript) {
  EXPECT_FALSE(find_script("7", "2", std::nullopt, relup));
  EXPECT_FALSE(find_script("2", "7", relup, std::nullopt));
  EXPECT_FALSE(find_script("1", "2", std::nullopt, std::nullopt));
  EXPECT_FALSE(find_script("1", "2", relup, std::nullopt));
}

void expect_error(const std::string& text, const std::string& part) {
  try {
    find_script("1", "2", std::nullopt, text);
    ADD_FAILURE() << "taken: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input) << text;
    EXPECT_THAT(error.message(), HasSubstr("releases/2/relup"));
    EXPECT_THAT(error.message(), HasSubstr(part));
  }
}

TEST(RelupFile, EveryTruncationIsAnError) {
  const std::string text = relup.substr(0, relup.rfind('.'));
  for (std::size_t length = 0; length <= text.size(); ++length)
    expect_error(text.substr(0, length), "");
}

TEST(RelupFile, WhatIsNoRelupIsAnError) {
  for (const char* text : {"relup.", "{}.", "{\"2\",[]}.", "{\"2\",x,[]}.", "{\"2\",[a|b],[]}.",
                           "[{\"1\",[],[]}].", "\"text\"."}) {
    expect_error(text, "is not a relup");
  }
  expect_error("{\"2\",[{\"1\",[],script}],[]}.", "a script is not a list");
  expect_error("{\"2\",[{\"1\",[],[what]}],[]}.", "not an instruction: what");
  expect_error("{\"2\",[],[]}. more", "");
}

}  // namespace
}  // namespace relup::host
