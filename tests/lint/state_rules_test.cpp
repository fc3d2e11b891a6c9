// SPDX-License-Identifier: Apache-2.0
//
// What becomes of the state of live processes.
#include <gmock/gmock.h>

#include "lint/border_test.hpp"
#include "lint/example.hpp"

namespace relup::lint {
namespace {

class StateBorders : public ::testing::TestWithParam<Border> {};

TEST_P(StateBorders, AreWhereTheyShouldBe) {
  EXPECT_EQ(findings_of("borders-state", "RU5", GetParam()), GetParam().findings);
}

const std::vector<Border>& borders() {
  static const std::vector<Border> all{
      {"down_keeps",
       "{update, down_keeps, {advanced, []}}",
       "{update, down_keeps, {advanced, []}}",
       {"RU501 error: the state of down_keeps (record s) has the new field since, but its "
        "code_change returns the state as it was"}},
      {"no_clause_down",
       "{update, no_down, {advanced, []}}",
       "{update, no_down, {advanced, []}}",
       {"RU501 error: the state of no_down (record s) has the new field since, but its code_change "
        "has no clause for {down, _}"}},
      {"guarded_clause",
       "{update, guarded, {advanced, []}}",
       "{update, guarded, {advanced, []}}",
       {}},
      {"both_ways",
       "{update, both_ways, {advanced, []}}",
       "{update, both_ways, {advanced, []}}",
       {}},
      {"both_ways_static",
       "{update, both_ways, {advanced, []}}",
       "{update, both_ways, static, default, {advanced, []}, soft_purge, soft_purge, []}",
       {"RU501 error: the state of both_ways (record s) has the new field since, but its "
        "code_change returns the state as it was"}},
      {"soft",
       "{update, both_ways, soft}",
       "{update, both_ways, {advanced, []}}",
       {"RU501 error: the state of both_ways (record s) has the new field since, but this "
        "instruction runs no code_change"}},
      {"low_level",
       "{suspend, [both_ways]}, {load_object_code, {shop, \"2.0\", [both_ways]}}, {load, "
       "{both_ways, soft_purge, soft_purge}}, {code_change, [{both_ways, []}]}, {resume, "
       "[both_ways]}",
       "{update, both_ways, {advanced, []}}",
       {}},
      {"elsewhere",
       "{update, elsewhere, {advanced, []}}",
       "{update, elsewhere, {advanced, []}}",
       {}},
      {"restart", "{restart_application, shop}", "{restart_application, shop}", {}},
      {"map",
       "{update, mapped, {advanced, []}}",
       "{update, mapped, {advanced, []}}",
       {"RU501 warning: the state of mapped (a map) has the new field since, but its code_change "
        "returns the state as it was",
        "RU501 warning: the state of mapped (a map) has the new field since, but its code_change "
        "returns the state as it was"}},
      {"new_one_has_none",
       "{update, gone, {advanced, []}}",
       "{update, gone, {advanced, []}}",
       {"RU502 error: gone of release 2.0 exports no code_change/3",
        "RU502 error: gone of release 2.0 exports no code_change/3"}},
      {"static_runs_the_old_one",
       "{load_module, gone}",
       "{update, gone, static, default, {advanced, []}, soft_purge, soft_purge, []}",
       {"RU501 error: the state of gone (record s) has the new field since, but this instruction "
        "runs no code_change",
        "RU501 error: the state of gone (record s) has the new field since, but its code_change "
        "returns the state as it was"}},
      {"statem",
       "{update, statem, {advanced, []}}",
       "{load_module, statem}",
       {"RU502 error: statem of release 2.0 exports no code_change/4"}},
      {"no_process", "{update, helper, {advanced, []}}", "{update, helper, {advanced, []}}", {}},
      {"same_shape",
       "{update, same_shape, {advanced, []}}",
       "{load_module, same_shape}",
       {"RU503 note: processes of same_shape are suspended for a code_change that returns the "
        "state as it was"}},
      {"same_shape_tied",
       "{update, same_shape, {advanced, []}, [helper]}, {load_module, helper}",
       "{load_module, same_shape}",
       {}},
      {"statem_asks_its_mode",
       "{update, statem_keeps, {advanced, []}}",
       "{load_module, statem_keeps}",
       {}},
      {"works_both_ways", "{update, timer, {advanced, []}}", "{update, timer, {advanced, []}}", {}},
      {"works_up_is_not_called_down",
       "{update, timer, {advanced, []}}",
       "{load_module, timer}",
       {"RU504 warning: code_change of timer may change the state on the way up, but is not called "
        "on "
        "the way down"}},
      {"works_down_is_not_called_up",
       "{load_module, timer}",
       "{update, timer, {advanced, []}}",
       {"RU504 warning: code_change of timer may change the state on the way down, but is not "
        "called "
        "on the way up"}},
      {"keeps_down",
       "{update, timer_up, {advanced, []}}",
       "{update, timer_up, {advanced, []}}",
       {"RU504 warning: code_change of timer_up may change the state on the way up, but returns "
        "the "
        "state as it was on the way down"}},
      {"need_not_be_called_down",
       "{update, timer_up, {advanced, []}}",
       "{load_module, timer_up}",
       {}},
      {"refuses_down",
       "{update, up_only, {advanced, []}}",
       "{update, up_only, {advanced, []}}",
       {"RU504 warning: code_change of up_only does something on the way up, but has no "
        "clause "
        "for the way down"}},
      {"elixir",
       "{update, 'Elixir.Shop.Clock', {advanced, []}}",
       "{update, 'Elixir.Shop.Clock', {advanced, []}}",
       {"RU501 warning: the state of 'Elixir.Shop.Clock' (a map) has the new field since, but its "
        "code_change returns the state as it was"}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, StateBorders, ::testing::ValuesIn(borders()),
                         [](const auto& test) { return test.param.name; });

TEST(OneWayCodeChange, IsNoneWhereTheStateStays) {
  const auto found = [](const std::string& module) {
    Diagnostics findings =
        lint_against("borders-side-effect", "{\"2.0\", [{\"1.0\", [{update, " + module +
                                                ", {advanced, []}}]}],\n [{\"1.0\", [{update, " +
                                                module + ", {advanced, []}}]}]}.\n");
    std::erase_if(findings, [](const auto& each) { return each.code != "RU504"; });
    return findings.size();
  };
  EXPECT_EQ(found("shop"), 0U);
  EXPECT_EQ(found("'Elixir.Shop.Till'"), 1U);
}

}  // namespace
}  // namespace relup::lint
