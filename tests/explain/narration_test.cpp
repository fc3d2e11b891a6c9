// SPDX-License-Identifier: Apache-2.0
#include "explain/narration.hpp"

#include <gmock/gmock.h>

#include "relup/appup_reader.hpp"
#include "relup/relup_reader.hpp"
#include "support/golden.hpp"

namespace relup::explain {
namespace {

using ::testing::IsEmpty;

std::string text_of(const std::vector<Narration>& narrations) {
  std::string text;
  for (const Narration& narration : narrations) {
    text += title_of(narration) + "\n";
    for (const ToldStep& step : narration.steps) {
      text += "  " + std::to_string(step.first) + "-" + std::to_string(step.last) + " " +
              step.text + "\n";
    }
    for (const std::string& remark : narration.remarks)
      text += "  * " + remark + "\n";
  }
  return text;
}

std::string told_relup(const std::string& text) {
  const ReadRelup read = read_relup("relup", text, {});
  EXPECT_THAT(read.problems, IsEmpty());
  return read.relup ? text_of(narrate(*read.relup)) : "";
}

std::string told_appup(const std::string& text) {
  ReadAppup read = read_appup("shop.appup", text, {});
  EXPECT_THAT(read.problems, IsEmpty());
  Problems problems;
  const std::string told = text_of(narrate(*read.appup, Atom("shop"), problems));
  EXPECT_THAT(problems, IsEmpty());
  return told;
}

// A relup carries the protocols that it switches as binaries.
TEST(Narration, TellsOfLongBinariesBySize) {
  std::string code = "70";
  for (int i = 1; i < 20480; ++i)
    code += ",0";
  EXPECT_EQ(told_relup(R"({"2", [{"1", [], [point_of_no_return,
    {apply, {code, load_binary, [m, "m.beam", <<)" +
                       code + R"(>>]}},
    {code_change, up, [{m, {[#{k => <<)" +
                       code + R"(>>}], <<"short">>}}]}]}], []}.)"),
            "up from 1 to 2: 3 steps\n"
            "  1-1 point of no return: from here on a failure restarts the node, with the release "
            "that is permanent\n"
            "  2-2 calls code:load_binary(m, \"m.beam\", <<... 20,480 bytes>>)\n"
            "  3-3 changes the state of the suspended processes (code_change up): m with "
            "{[#{k => <<... 20,480 bytes>>}],<<\"short\">>}\n");
}

TEST(Narration, TellsARelup) {
  support::expect_golden("narration/relup.txt", told_relup(R"({"2.0",
 [{"1.0", [],
   [{load_object_code, {shop, "2.0", [shop_cart, shop_till, shop_price]}},
    {load_object_code, {priv, "1.1", []}},
    {apply, {shop_hooks, may_upgrade, ["1.0", <<"2.0">>]}},
    point_of_no_return,
    {suspend, [shop_cart, {shop_till, 15000}, {shop_bell, infinity}]},
    {load, {shop_price, soft_purge, soft_purge}},
    {load, {shop_cart, soft_purge, brutal_purge}},
    {code_change, up, [{shop_cart, []}, {shop_till, {from, "1.0"}}]},
    {resume, [shop_bell]},
    {resume, [shop_till, shop_cart]},
    {remove, {shop_legacy, brutal_purge, brutal_purge}},
    {purge, [shop_legacy]},
    {apply, {application, start, [audit, permanent]}},
    {apply, {supervisor, terminate_child, [shop_sup, bell]}},
    {sync_nodes, here, [a@b]}]}],
 [{"1.0", [],
   [point_of_no_return,
    {stop, [shop_cart]},
    {start, [shop_cart]},
    {suspend, [shop_till]},
    {code_change, down, [{shop_till, []}]},
    {purge, [shop_till]},
    restart_emulator]},
  {"0.9", [], [restart_new_emulator, point_of_no_return, reboot]},
  {"0.8", [], [point_of_no_return]}]}.
)"));
}

TEST(Narration, TellsAnAppup) {
  support::expect_golden("narration/appup.txt", told_appup(R"({"2.0",
 [{"1.0",
   [{add_module, shop_stats},
    {update, shop_cart, {advanced, []}, [shop_price]},
    {load_module, shop_price, soft_purge, soft_purge, []},
    {delete_module, shop_legacy}]},
  {<<"0\\.[0-9]+">>, [{restart_application, shop}, {add_application, audit, temporary}]}],
 [{"1.0",
   [{update, shop_cart, {advanced, []}, [shop_price]},
    {load_module, shop_price, soft_purge, soft_purge, []},
    {remove_application, audit},
    {apply, {supervisor, restart_child, [shop_sup, 'Elixir.Bell']}},
    {delete_module, shop_stats},
    {add_module, shop_legacy}]}]}.
)"));
}

TEST(Narration, SaysWhatCannotBeTold) {
  ReadAppup read = read_appup("shop.appup",
                              "{\"2\", [{\"1\", [oops]}, {\"0\", [restart_new_emulator]}],"
                              " [oops, {\"1\", oops}]}.",
                              {});
  Problems problems;
  const auto told = narrate(*read.appup, Atom("shop"), problems);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(title_of(told[0]), "up from 0 to 2: 2 steps");
  EXPECT_EQ(problems.size(), 2U);
}

}  // namespace
}  // namespace relup::explain
