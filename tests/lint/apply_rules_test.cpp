// SPDX-License-Identifier: Apache-2.0
//
// Functions that a script calls, and when.
#include <gmock/gmock.h>

#include "lint/border_test.hpp"

namespace relup::lint {
namespace {

class ApplyBorders : public ::testing::TestWithParam<Border> {};

TEST_P(ApplyBorders, AreWhereTheyShouldBe) {
  EXPECT_EQ(findings_of("borders-apply", "RU6", GetParam()), GetParam().findings);
}

const std::vector<Border>& borders() {
  static const std::vector<Border> all{
      {"checked", "{apply, {shop, look, []}}, point_of_no_return, {load_module, shop}", "", {}},
      {"makes_a_table",
       "{apply, {shop, tables, []}}, point_of_no_return, {load_module, shop}",
       "",
       {"RU601 note: shop:tables/0 may call ets:new/2, and that runs twice: when the release is "
        "checked, and again when it is installed"}},
      {"stops_a_server",
       "{apply, {gen_server, stop, [shop]}}, point_of_no_return, {load_module, shop}",
       "",
       {"RU601 warning: gen_server:stop changes the node, and that runs twice: when the release is "
        "checked, and again when it is installed",
        "RU604 error: neither release has the module gen_server"}},
      {"answers_error",
       "{apply, {shop, busy, []}}, point_of_no_return, {load_module, shop}",
       "",
       {"RU602 warning: shop:busy/0 may answer {error, _}, and nobody looks at what it answers"}},
      {"answers_error_behind", "{apply, {shop, busy, []}}, {load_module, shop}", "", {}},
      {"raises_in_front",
       "{apply, {shop, raise, []}}, point_of_no_return, {load_module, shop}",
       "",
       {}},
      {"raises_behind",
       "{load_module, shop}, {apply, {shop, raise, []}}",
       "",
       {"RU603 warning: shop:raise/0 may raise an exception, which restarts the node behind the "
        "point of no return"}},
      {"gone_behind_the_load",
       "{load_module, shop}, {apply, {shop, old_only, []}}",
       "",
       {"RU604 error: shop:old_only/0 is not exported by shop of release 2.0, which is the one "
        "that is loaded at this step"}},
      {"down",
       "{load_module, shop}",
       "{load_module, shop}, {apply, {shop, new_only, []}}",
       {"RU604 error: shop:new_only/0 is not exported by shop of release 1.0, which is the one "
        "that is loaded at this step"}},
      {"down_in_front",
       "{load_module, shop}",
       "{apply, {shop, new_only, []}}, {load_module, shop}",
       {}},
      {"unchanged", "{apply, {shop_price, run, []}}", "", {}},
      {"unchanged_and_wrong",
       "{apply, {shop_price, walk, []}}",
       "",
       {"RU604 error: shop_price:walk/0 is exported in neither release"}},
      {"not_loaded_yet",
       "{apply, {shop_new, run, []}}, {add_module, shop_new}",
       "",
       {"RU604 warning: shop_new is not loaded at this step, so shop_new:run/0 is undefined"}},
      {"loaded", "{add_module, shop_new}, {apply, {shop_new, run, []}}", "", {}},
      {"gone_already",
       "{delete_module, shop_gone}, {apply, {shop_gone, run, []}}",
       "",
       {"RU604 error: shop_gone is not loaded at this step, so shop_gone:run/0 is undefined"}},
      {"preloaded", "{apply, {erlang, garbage_collect, []}}", "", {}},
      {"nowhere",
       "{apply, {agent, run, []}}",
       "",
       {"RU604 error: neither release has the module agent"}},
      {"restart", "{restart_application, shop}", "", {}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, ApplyBorders, ::testing::ValuesIn(borders()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace relup::lint
