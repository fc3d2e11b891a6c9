// SPDX-License-Identifier: Apache-2.0
#include "beam/code/lingering.hpp"

#include <gtest/gtest.h>

#include "support/compiled_modules.hpp"

namespace relup::beam {
namespace {

TEST(LingeringFunctions, AreThoseOnTheStackOfWhoWaits) {
  const auto modules = support::compile_modules({{"x/m", R"(
-module(m).
-export([takes/0, takes_later/0, tail/0, kept/0, by_helper/0, sleeps/0, sleeps_last/0, plain/0]).
takes() -> receive X -> X after 10 -> slow end.
takes_later() -> inner(), ok.
inner() -> receive X -> X end.
tail() -> gen_server:call(m, tail).
kept() -> {ok, A} = gen_server:call(m, kept), A.
by_helper() -> {tail()}.
sleeps() -> timer:sleep(10), ok.
sleeps_last() -> timer:sleep(10).
plain() -> lists:seq(1, 3).
)"}});
  const ModuleCode code = read_module_code(BeamFile("m.beam", modules.at("x/m")));
  std::string names;
  for (const FunctionCode* each : lingering_functions(code))
    names += each->name.name() + " ";
  EXPECT_EQ(names, "takes takes_later kept by_helper sleeps ");
}

}  // namespace
}  // namespace relup::beam
