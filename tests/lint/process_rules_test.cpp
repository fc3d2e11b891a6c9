// SPDX-License-Identifier: Apache-2.0
//
// Children that are declared to be something else than they are, and what the instructions of a
// supervisor leave undone.
#include <gmock/gmock.h>

#include "appup/appup_text.hpp"
#include "lint/border_test.hpp"
#include "lint/example.hpp"

namespace relup::lint {
namespace {

class HiddenProcesses : public ::testing::TestWithParam<Border> {};

TEST_P(HiddenProcesses, AreToldWhereTheyAreMissed) {
  EXPECT_EQ(findings_of("borders-hidden", "RU4", GetParam()), GetParam().findings);
}

const std::vector<Border>& hidden() {
  static const std::vector<Border> all{
      {"below_a_worker",
       "{update, till, {advanced, []}}",
       "{update, till, {advanced, []}}",
       {"RU413 warning: the child tills of shop_sup is a supervisor, and its specification says "
        "that it is a worker: OTP's release handler does not suspend the processes of till below "
        "it"}},
      {"only_on_the_way_down",
       "{load_module, till}",
       "{suspend, [till]}, {load_module, till}, {resume, [till]}",
       {"RU413 warning: the child tills of shop_sup is a supervisor, and its specification says "
        "that it is a worker: OTP's release handler does not suspend the processes of till below "
        "it"}},
      {"below_a_simple_supervisor",
       "{update, conn, {advanced, []}}",
       "{update, conn, {advanced, []}}",
       {"RU413 warning: the child pools of shop_sup is a supervisor, and its specification says "
        "that it is a worker: OTP's release handler does not suspend the processes of conn below "
        "it"}},
      {"loaded_only", "{load_module, till}", "{load_module, till}", {}},
      {"below_one_that_is_declared",
       "{update, clerk, {advanced, []}}",
       "{update, clerk, {advanced, []}}",
       {}},
      {"under_the_name_of_its_starter",
       "{update, store_server, {advanced, []}}",
       "{load_module, store_server}",
       {"RU404 warning: the process of the child store of shop_sup is of store_server, which the "
        "`modules` of its specification do not name: OTP's release handler does not suspend it"}},
      {"under_another_name",
       "{load_module, bank}",
       "{update, bank, {advanced, []}}",
       {"RU404 warning: the process of the child bank of shop_sup is of bank, which the `modules` "
        "of its specification do not name: OTP's release handler does not suspend it"}},
      {"below_a_worker_in_elixir",
       "{update, 'Elixir.Shop.Desk', {advanced, []}}",
       "{load_module, 'Elixir.Shop.Desk'}",
       {"RU413 warning: the child desks of 'Elixir.Shop.Application' is a supervisor, and its "
        "specification says that it is a worker: OTP's release handler does not suspend the "
        "processes of 'Elixir.Shop.Desk' below it"}},
      {"below_one_that_says_so_in_elixir",
       "{update, 'Elixir.Shop.Counter', {advanced, []}}",
       "{load_module, 'Elixir.Shop.Counter'}",
       {}},
      {"under_another_name_in_elixir",
       "{update, 'Elixir.Shop.Safe', {advanced, []}}",
       "{load_module, 'Elixir.Shop.Safe'}",
       {"RU404 warning: the process of the child safe of 'Elixir.Shop.Application' is of "
        "'Elixir.Shop.Safe', which the `modules` of its specification do not name: OTP's release "
        "handler does not suspend it"}},
      {"by_its_own_child_spec",
       "{update, 'Elixir.Shop.Clerk', {advanced, []}}",
       "{load_module, 'Elixir.Shop.Clerk'}",
       {}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, HiddenProcesses, ::testing::ValuesIn(hidden()),
                         [](const auto& test) { return test.param.name; });

TEST(HiddenProcesses, MayBeBelowASupervisorThatCannotBeRead) {
  const Border border{"", "{update, clerk, {advanced, []}}", "{load_module, clerk}", {}};
  EXPECT_THAT(findings_of("borders-unread-below", "RU4", border),
              testing::ElementsAre("RU413 note: the child open of shop_sup is a supervisor, and "
                                   "its specification says that it is a worker: OTP's release "
                                   "handler suspends nobody below it"));
}

class HiddenHandlers : public ::testing::TestWithParam<Border> {};

TEST_P(HiddenHandlers, AreToldWhereNobodyAsksForThem) {
  EXPECT_EQ(findings_of("borders-handlers", "RU4", GetParam()), GetParam().findings);
}

const std::vector<Border>& handlers() {
  static const std::vector<Border> all{
      {"of_a_manager_that_names_others",
       "{update, bell, {advanced, []}}",
       "{update, bell, {advanced, []}}",
       {"RU404 warning: the child bells of shop_sup is a manager of events, and its specification "
        "names `modules` without the handler bell: OTP's release handler does not suspend it",
        "RU404 warning: the child bells of shop_sup is a manager of events, and its specification "
        "names `modules` without the handler bell: OTP's release handler does not suspend it"}},
      {"in_elixir",
       "{update, 'Elixir.Shop.Chime', {advanced, []}}",
       "{load_module, 'Elixir.Shop.Chime'}",
       {"RU404 warning: the child bells of shop_sup is a manager of events, and its specification "
        "names `modules` without the handler 'Elixir.Shop.Chime': OTP's release handler does not "
        "suspend it"}},
      {"of_a_manager_that_names_it",
       "{update, named, {advanced, []}}",
       "{update, named, {advanced, []}}",
       {}},
      {"loaded_only", "{load_module, bell}", "{load_module, bell}", {}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, HiddenHandlers, ::testing::ValuesIn(handlers()),
                         [](const auto& test) { return test.param.name; });

TEST(HiddenHandlers, MayBeOfAManagerThatIsAsked) {
  const Border border{"", "{update, asked, {advanced, []}}", "{update, asked, {advanced, []}}", {}};
  EXPECT_THAT(findings_of("borders-asked-handlers", "RU4", border), testing::IsEmpty());
}

// What relup chose itself it does not hold against itself, until somebody edits it.
TEST(OwnAppup, HasAnAuthorOnceItIsEdited) {
  const appup::Update update{.module = Atom("bell"), .extra = Term()};
  const std::string generated =
      appup::generated_text("shop", {"2.0", {{"1.0", {update}}}, {{"1.0", {update}}}});
  const auto codes = [](const std::string& appup) {
    std::set<std::string> found;
    for (const Diagnostic& finding : lint_against("borders-handlers", appup))
      found.insert(finding.code);
    return found;
  };
  EXPECT_THAT(codes(generated), testing::Not(testing::Contains("RU404")));
  EXPECT_THAT(codes(generated + "% edited\n"), testing::Contains("RU404"));
}

class AskedProcesses : public ::testing::TestWithParam<Border> {};

TEST_P(AskedProcesses, AreToldWhereTheyDoNotAnswer) {
  EXPECT_EQ(findings_of("borders-asked", "RU4", GetParam()), GetParam().findings);
}

const std::vector<Border>& asked() {
  static const std::string is_false =
      "RU414 error: the specification of the child false of shop_sup calls it a supervisor, and it "
      "is none: OTP's release handler asks it which children it has";
  static const std::string is_odd =
      "RU415 error: the specification of the child odd of shop_sup has `dynamic` modules, and its "
      "process does not say which: OTP's release handler asks it";
  static const std::vector<Border> all{
      {"suspended",
       "{update, till, {advanced, []}}, {load_module, price}",
       "{update, till, {advanced, []}}, {load_module, price}",
       {is_false, is_odd}},
      {"stopped",
       "{stop, [till]}, {load_module, till}, {start, [till]}, {load_module, price}",
       "{load_module, till}, {load_module, price}",
       {is_false, is_odd}},
      {"loaded_only",
       "{load_module, till}, {load_module, price}",
       "{load_module, till}, {load_module, price}",
       {}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, AskedProcesses, ::testing::ValuesIn(asked()),
                         [](const auto& test) { return test.param.name; });

class SupervisorsBorders : public ::testing::TestWithParam<Border> {};

TEST_P(SupervisorsBorders, AreWhereTheyShouldBe) {
  EXPECT_EQ(findings_of("borders-supervision", "RU4", GetParam()), GetParam().findings);
}

const std::vector<Border>& supervisors() {
  static const std::vector<Border> all{
      {"a_list_that_is_only_loaded",
       "{load_module, list_sup}",
       "{load_module, list_sup}",
       {"RU403 warning: list_sup is a supervisor and is only loaded: what it lists now is not "
        "taken "
        "over",
        "RU403 warning: list_sup is a supervisor and is only loaded: what it lists now is not "
        "taken "
        "over"}},
      {"a_list_whose_children_are_replaced_by_hand",
       "{load_module, list_sup}, {apply, {supervisor, start_child, [list_sup, #{id => b, start => "
       "{rate, start_link, []}}]}}",
       "{load_module, list_sup}, {apply, {rate, replace, []}}",
       {}},
      {"a_list_that_is_updated",
       "{update, list_sup, supervisor}",
       "{update, list_sup, supervisor}",
       {"RU416 warning: list_sup lists other children: new b; gone a",
        "RU416 warning: list_sup lists other children: new a; gone b"}},
      {"a_list_that_is_updated_in_full",
       "{apply, {supervisor, terminate_child, [list_sup, a]}}, {apply, {supervisor, delete_child, "
       "[list_sup, a]}}, {update, list_sup, supervisor}, {apply, {supervisor, restart_child, "
       "[list_sup, b]}}",
       "{apply, {supervisor, terminate_child, [list_sup, b]}}, {apply, {supervisor, delete_child, "
       "[list_sup, b]}}, {update, list_sup, supervisor}",
       {"RU416 warning: list_sup lists other children: new a; gone b"}},
      {"another_start",
       "{update, start_sup, supervisor}",
       "{apply, {supervisor, terminate_child, [start_sup, a]}}, {update, start_sup, supervisor}, "
       "{apply, {supervisor, restart_child, [start_sup, a]}}",
       {"RU416 warning: start_sup lists other children: a started by rate:start_link with [2] "
        "instead of rate:start_link with [1]"}},
      {"a_flag_that_is_only_loaded",
       "{load_module, flag_sup}",
       "{update, flag_sup, supervisor}",
       {"RU403 warning: flag_sup is a supervisor and is only loaded: what it lists now is not "
        "taken "
        "over"}},
      {"another_argument",
       "{update, arg_sup, supervisor}",
       "{update, arg_sup, supervisor}",
       {"RU417 error: an update calls init/1 of arg_sup with [], the argument of its start, which "
        "the new one does not take"}},
      {"another_argument_and_only_loaded", "{load_module, arg_sup}", "{load_module, arg_sup}", {}},
      {"a_table_of_another_module",
       "{update, table_sup, supervisor}",
       "{update, table_sup, supervisor}",
       {"RU418 warning: init/1 of table_sup calls tables:make/0, which calls ets:new/2, and the "
        "update of a supervisor calls init/1 again"}},
      {"a_table_that_nobody_makes_again",
       "{load_module, table_sup}",
       "{update, table_sup, supervisor}",
       {}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, SupervisorsBorders, ::testing::ValuesIn(supervisors()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace relup::lint
