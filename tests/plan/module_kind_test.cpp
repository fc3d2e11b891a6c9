// SPDX-License-Identifier: Apache-2.0
#include "plan/module_kind.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace relup::plan {
namespace {

using facts::FunctionName;
using facts::ModuleFacts;

struct Shape {
  std::vector<std::string> behaviours = {};
  std::vector<std::pair<std::string, unsigned>> exports = {};
};

ModuleFacts facts_of(const Shape& shape) {
  ModuleFacts facts{Atom("m"), {}, {}, {}};
  for (const std::string& behaviour : shape.behaviours)
    facts.behaviours.emplace_back(behaviour);
  for (const auto& [name, arity] : shape.exports)
    facts.exports.push_back({Atom(name), arity});
  std::sort(facts.exports.begin(), facts.exports.end());
  return facts;
}

ModuleKind kind_of(ModuleFacts before, ModuleFacts after) {
  diff::ModuleChange change{Atom("m"), diff::ModuleStatus::changed};
  change.changes_code = true;
  change.old_facts = std::move(before);
  change.new_facts = std::move(after);
  return module_kind(change);
}

struct KindCase {
  const char* name;
  Shape before;
  Shape after;
  ModuleKind kind;
};

class ModuleKinds : public ::testing::TestWithParam<KindCase> {};

TEST_P(ModuleKinds, FollowFromBehavioursAndExports) {
  const KindCase& test = GetParam();
  EXPECT_EQ(kind_of(facts_of(test.before), facts_of(test.after)), test.kind);
}

const Shape server{{"gen_server"}, {{"init", 1}, {"code_change", 3}}};
const Shape elixir_server{{"Elixir.GenServer", "gen_server"}, {{"code_change", 3}}};
const Shape event{{"gen_event"}, {{"code_change", 3}}};
const Shape statem{{"gen_statem"}, {{"code_change", 4}}};
const Shape old_fsm{{"gen_fsm"}, {{"code_change", 4}}};
const Shape special{{}, {{"system_code_change", 4}}};
const Shape supervisor{{"supervisor"}, {{"init", 1}}};
const Shape plain{{}, {{"f", 1}}};

INSTANTIATE_TEST_SUITE_P(
    All, ModuleKinds,
    ::testing::Values(
        KindCase{"plain", plain, plain, ModuleKind::plain},
        KindCase{"server", server, server, ModuleKind::process},
        KindCase{"elixir_server", elixir_server, elixir_server, ModuleKind::process},
        KindCase{"event", event, event, ModuleKind::process},
        KindCase{"statem", statem, statem, ModuleKind::process},
        KindCase{"fsm", old_fsm, old_fsm, ModuleKind::process},
        KindCase{"special", special, special, ModuleKind::process},
        KindCase{"supervisor", supervisor, supervisor, ModuleKind::supervisor},
        KindCase{"elixir_supervisor",
                 {{"Elixir.Supervisor"}},
                 {{"Elixir.Supervisor"}},
                 ModuleKind::supervisor},
        KindCase{"dynamic_supervisor",
                 {{"Elixir.DynamicSupervisor"}},
                 {{"Elixir.DynamicSupervisor"}},
                 ModuleKind::supervisor},
        KindCase{"supervisor_with_code_change",
                 {{"supervisor"}, {{"code_change", 3}}},
                 {{"supervisor"}, {{"code_change", 3}}},
                 ModuleKind::supervisor},
        KindCase{
            "server_without_code_change", {{"gen_server"}}, {{"gen_server"}}, ModuleKind::plain},
        // The new module's code_change runs in both directions.
        KindCase{"code_change_only_before", server, {{"gen_server"}}, ModuleKind::plain},
        KindCase{"code_change_only_after", {{"gen_server"}}, server, ModuleKind::process},
        KindCase{"another_behaviour", server, statem, ModuleKind::plain},
        KindCase{"code_change_without_behaviour",
                 {{}, {{"code_change", 3}}},
                 {{}, {{"code_change", 3}}},
                 ModuleKind::plain},
        KindCase{"code_change_of_the_wrong_arity",
                 {{"gen_server"}, {{"code_change", 4}}},
                 {{"gen_server"}, {{"code_change", 4}}},
                 ModuleKind::plain},
        KindCase{"behaviour_of_somebody_else",
                 {{"ranch_protocol"}, {{"code_change", 3}}},
                 {{"ranch_protocol"}, {{"code_change", 3}}},
                 ModuleKind::plain},
        KindCase{"supervisor_that_was_none", plain, supervisor, ModuleKind::plain}),
    [](const auto& test) { return test.param.name; });

TEST(ModuleKind, ACodeChangeThatDoesNothingNeedsNoSuspension) {
  ModuleFacts after = facts_of(server);
  after.keeps_state = true;
  EXPECT_EQ(kind_of(facts_of(server), after), ModuleKind::plain);

  diff::ModuleChange change{Atom("m"), diff::ModuleStatus::changed};
  change.changes_code = true;
  change.old_facts = facts_of(server);
  change.new_facts = after;
  change.state_change.emplace();
  EXPECT_EQ(module_kind(change), ModuleKind::process);
}

}  // namespace
}  // namespace relup::plan
