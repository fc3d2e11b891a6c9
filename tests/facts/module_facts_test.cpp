// SPDX-License-Identifier: Apache-2.0
#include "facts/module_facts.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "support/compiled_modules.hpp"

namespace relup::facts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"one/m", R"(-module(m).
-behaviour(gen_server).
-behavior(other).
-export([init/1, handle_call/3, handle_cast/2, 'odd name'/0]).
init(X) -> lists:reverse(X).
handle_call(_, _, S) -> {reply, ok, S}.
handle_cast(_, S) -> {noreply, S}.
'odd name'() -> ok.
)"},
      {"two/m", R"(-module(m).
-behaviour(gen_server).
-behavior(other).
-export([init/1, handle_call/3, handle_cast/2, more/2]).
init(X) -> lists:reverse(X).
handle_call(_, _, S) -> {reply, ok, S}.
handle_cast(_, S) -> {noreply, S}.
more(_, _) -> ok.
)"},
      {"three/m", "-module(m).\n-export([f/0]).\nf() -> 1.\n"},
      {"four/m", "-module(m).\n-export([f/0]).\nf() -> 2.\n"},
      {"blue/m", "-module(m).\n-export([f/0]).\nf() -> {colour, \"blue\"}.\n"},
      {"red/m", "-module(m).\n-export([f/0]).\nf() -> {colour, \"red\"}.\n"},
      {"noted/m", "-module(m).\n-note(x).\n-export([f/0]).\nf() -> {colour, \"red\"}.\n"},
  });
  return modules;
}

beam::BeamFile file(const std::string& key) {
  return {key + ".beam", compiled().at(key)};
}

ModuleFacts facts(const std::string& key) {
  return read_module_facts(file(key));
}

std::vector<std::string> reasons(const std::string& before, const std::string& after) {
  return reasons_of_change(facts(before), facts(after),
                           beam::compare_code(file(before), file(after)));
}

TEST(ModuleFacts, AreReadFromTheModule) {
  const ModuleFacts read = facts("one/m");
  EXPECT_EQ(read.module.name(), "m");
  EXPECT_THAT(read.behaviours, ElementsAre(Atom("gen_server"), Atom("other")));
  EXPECT_TRUE(read.exports_function("init", 1));
  EXPECT_TRUE(read.exports_function("module_info", 0));
  EXPECT_FALSE(read.exports_function("init", 2));
  EXPECT_FALSE(read.exports_function("code_change", 3));
  const bool calls_lists = std::any_of(read.imports.begin(), read.imports.end(), [](const auto& i) {
    return i.module == "lists" && i.function == "reverse" && i.arity == 1;
  });
  EXPECT_TRUE(calls_lists);
}

TEST(ModuleFacts, ReasonsNameTheExportsThatCameAndWent) {
  EXPECT_THAT(reasons("one/m", "two/m"),
              ElementsAre("now exports more/2", "no longer exports 'odd name'/0"));
  EXPECT_THAT(reasons("three/m", "four/m"), ElementsAre("code"));
  EXPECT_THAT(reasons("blue/m", "red/m"), ElementsAre("literals"));
  EXPECT_THAT(reasons("blue/m", "noted/m"), ElementsAre("literals", "attributes"));
}

TEST(ModuleFacts, EveryTruncationIsAnErrorThatNamesTheFile) {
  const std::string& bytes = compiled().at("three/m");
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    try {
      const beam::BeamFile damaged("lib/m.beam", bytes.substr(0, length));
      read_module_facts(damaged);
      beam::compare_code(damaged, file("three/m"));
      ADD_FAILURE() << length << " of " << bytes.size() << " bytes were taken for a module";
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::bad_input);
      ASSERT_THAT(error.message(), HasSubstr("lib/m.beam"));
    }
  }
}

}  // namespace
}  // namespace relup::facts
