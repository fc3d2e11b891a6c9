// SPDX-License-Identifier: Apache-2.0
//
// What relup.yaml makes of the scripts, and what is said of supervisors and of what cannot be hot.
#include <gmock/gmock.h>

#include "plan/cold_changes.hpp"
#include "plan/planned_upgrade.hpp"
#include "plan/supervision_findings.hpp"
#include "policy/read_policy.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string server(const std::string& answer) {
  return "-module(till).\n-behaviour(gen_server).\n-export([init/1, handle_call/3, handle_cast/2, "
         "code_change/3]).\ninit(_) -> {ok, 0}.\nhandle_call(_, _, S) -> {reply, " +
         answer + ", S}.\nhandle_cast(_, S) -> {noreply, S}.\ncode_change(_, S, _) -> {ok, {S, " +
         answer + "}}.\n";
}

std::string boss(const std::string& before, const std::string& children) {
  return "-module(boss).\n-behaviour(supervisor).\n-compile(debug_info).\n"
         "-export([start_link/0, init/1]).\n"
         "start_link() -> supervisor:start_link({local, the_boss}, ?MODULE, []).\n"
         "init(_) -> " +
         before + "{ok, {#{}, [" + children + "]}}.\n";
}

// One that was compiled without debug information.
std::string stripped(const std::string& name, const std::string& clauses) {
  return "-module(" + name +
         ").\n-behaviour(supervisor).\n-export([start_link/0, init/1, f/0]).\n"
         "start_link() -> supervisor:start_link({local, " +
         name + "}, ?MODULE, []).\n" + clauses;
}

// What it lists cannot be read, for it asks something first.
std::string asking(const std::string& child, const std::string& other) {
  return "init(X) -> {ok, {#{}, children(X)}}.\nf() -> " + other +
         ".\n"
         "children([]) -> [];\nchildren(_) -> [#{id => " +
         child + "}].\n";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"old/till", server("old")},
      {"new/till", server("new")},
      {"old/boss", boss("", "#{id => till}, #{id => {old, 1}}")},
      {"new/boss", boss("ets:new(t, [named_table]), ", "#{id => till}, #{id => printer}")},
      {"old/plain_sup", stripped("plain_sup", "init(_) -> {ok, {#{}, []}}.\nf() -> 1.\n")},
      {"new/plain_sup",
       stripped("plain_sup", "init(_) -> {ok, {#{}, [#{id => till}]}}.\nf() -> 1.\n")},
      {"old/asking_sup", stripped("asking_sup", asking("till", "1"))},
      {"new/asking_sup", stripped("asking_sup", asking("printer", "1"))},
      {"old/same_sup", stripped("same_sup", asking("till", "{one, io:nl()}"))},
      {"new/same_sup", stripped("same_sup", asking("till", "{2, lists:seq(1, 3)}"))},
      {"old/native",
       "-module(native).\n-export([load/0]).\nload() -> erlang:load_nif(\"x\", 0).\n"},
      {"new/native",
       "-module(native).\n-export([load/0]).\nload() -> erlang:load_nif(\"x\", 1).\n"},
  });
  return modules;
}

support::SampleRelease shop(const std::string& version, const std::string& label,
                            const std::vector<std::string>& modules) {
  support::SampleApplication made{"shop", version};
  for (const std::string& module : modules)
    made.modules[module] = compiled().at(label + "/" + module);
  return {version, {made}};
}

policy::Policy read(const std::string& text) {
  policy::ReadPolicy read = policy::read_policy("relup.yaml", text);
  EXPECT_THAT(read.diagnostics, IsEmpty());
  return read.policy;
}

std::vector<std::string> printed(const std::vector<appup::Action>& actions) {
  std::vector<std::string> lines;
  for (const appup::Action& action : actions)
    lines.push_back(print(appup::to_term(action)));
  return lines;
}

PlannedScripts scripts_with(const std::string& policy, const std::vector<std::string>& modules) {
  const PlannedUpgrade upgrade(shop("1.0", "old", modules), shop("2.0-rc.1", "new", modules), {},
                               read(policy));
  return upgrade.scripts("shop");
}

TEST(PolicyWishes, OfAModule) {
  const PlannedScripts scripts = scripts_with(
      "purge: {before: brutal, after: soft}\n"
      "applications:\n  shop:\n    modules:\n      till:\n"
      "        suspend_timeout: 50\n        extra: \"{from, \\\"${from}\\\"}\"\n",
      {"till"});
  EXPECT_THAT(printed(scripts.up),
              ElementsAre("{update,till,dynamic,50,{advanced,{from,\"1.0\"}},brutal_purge,"
                          "soft_purge,[]}"));
}

TEST(PolicyWishes, OfAnotherKindOfChange) {
  EXPECT_THAT(
      printed(scripts_with("applications: {shop: {modules: {till: {change: load}}}}", {"till"}).up),
      ElementsAre("{load_module,till,soft_purge,soft_purge,[]}"));
  EXPECT_THAT(printed(scripts_with("leave_alone: [\"ti*\"]", {"till"}).up), IsEmpty());
}

TEST(PolicyWishes, OfInstructionsAtAPlace) {
  const PlannedScripts scripts = scripts_with(
      "applications:\n  shop:\n    instructions:\n"
      "      - {at: first, up: \"{apply, {shop, pause, ['${to}']}}\"}\n"
      "      - {after: till, up: \"{apply, {shop, go, []}}\", down: \"{apply, {shop, go, []}}\"}\n"
      "      - {before: other, up: \"{apply, {shop, never, []}}\"}\n",
      {"till"});
  EXPECT_THAT(printed(scripts.up), ElementsAre("{apply,{shop,pause,['2.0-rc.1']}}",
                                               HasSubstr("{update,till"), "{apply,{shop,go,[]}}"));
  EXPECT_THAT(printed(scripts.down),
              ElementsAre(HasSubstr("{update,till"), "{apply,{shop,go,[]}}"));
}

TEST(PolicyWishes, WhatIsNoInstructionIsSaidWithItsPlace) {
  const PlannedScripts scripts = scripts_with(
      "applications:\n  shop:\n    instructions:\n      - {at: last, up: \"{aply, x}\"}\n",
      {"till"});
  ASSERT_EQ(scripts.notes.size(), 1U);
  EXPECT_EQ(scripts.notes[0].rule, "policy");
  EXPECT_EQ(scripts.notes[0].source->position(scripts.notes[0].span.begin).line, 4U);
}

TEST(Supervision, ChildrenThatComeAndGoAreReported) {
  const PlannedUpgrade upgrade(shop("1", "old", {"boss"}), shop("2", "new", {"boss"}));
  const auto findings =
      check_supervision(upgrade.diff().applications.back(), "/new", policy::Supervision::report);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].message, "boss lists other children: new printer; gone {old,1}");
  EXPECT_THAT(findings[0].notes[1], HasSubstr("{apply,{supervisor,terminate_child,[the_boss,"
                                              "{old,1}]}}"));
  EXPECT_THAT(findings[1].message, HasSubstr("init/1 of boss calls ets:new/2"));
}

std::vector<std::string> findings_without_source(const std::string& module) {
  const PlannedUpgrade upgrade(shop("1", "old", {module}), shop("2", "new", {module}));
  std::vector<std::string> messages;
  for (const Diagnostic& finding :
       check_supervision(upgrade.diff().applications.back(), "/new", policy::Supervision::report))
    messages.push_back(finding.message);
  return messages;
}

TEST(Supervision, WithoutDebugInformationIsToldByTheCode) {
  EXPECT_THAT(findings_without_source("plain_sup"),
              ElementsAre("plain_sup lists other children: new till"));
  EXPECT_THAT(printed(scripts_with("supervision: generate", {"plain_sup"}).up),
              ElementsAre(HasSubstr("{update,plain_sup,static"),
                          "{apply,{supervisor,restart_child,[plain_sup,till]}}"));
}

TEST(Supervision, ThatCannotBeReadIsReportedWhereItChanged) {
  EXPECT_THAT(findings_without_source("asking_sup"),
              ElementsAre("asking_sup may list other children: what lists them changed, and "
                          "without debug information it cannot be read"));
  EXPECT_THAT(findings_without_source("same_sup"), IsEmpty());
}

TEST(Supervision, IsWrittenWhereThePolicySaysSo) {
  const PlannedScripts scripts = scripts_with("supervision: generate", {"boss"});
  EXPECT_THAT(printed(scripts.up),
              ElementsAre("{apply,{supervisor,terminate_child,[the_boss,{old,1}]}}",
                          "{apply,{supervisor,delete_child,[the_boss,{old,1}]}}",
                          HasSubstr("{update,boss,static"),
                          "{apply,{supervisor,restart_child,[the_boss,printer]}}"));
  EXPECT_THAT(printed(scripts.down),
              ElementsAre("{apply,{supervisor,terminate_child,[the_boss,printer]}}",
                          "{apply,{supervisor,delete_child,[the_boss,printer]}}",
                          HasSubstr("{update,boss,static"),
                          "{apply,{supervisor,restart_child,[the_boss,{old,1}]}}"));
}

TEST(ColdChanges, AModuleWithANativeLibraryNeedsItsApplicationRestarted) {
  const PlannedUpgrade upgrade(shop("1", "old", {"native"}), shop("2", "new", {"native"}));
  const ColdChanges cold = find_cold_changes(upgrade.diff());
  EXPECT_THAT(cold.emulator, IsEmpty());
  ASSERT_EQ(cold.applications.size(), 1U);
  EXPECT_THAT(cold.applications.begin()->second,
              ElementsAre("native, which loads a native library, changed"));
}

TEST(ColdChanges, WhatIsUnderEverythingNeedsTheEmulatorRestarted) {
  support::SampleRelease newer = shop("2", "new", {"till"});
  newer.erts = "14.0";
  const PlannedUpgrade upgrade(shop("1", "old", {"till"}), newer);
  EXPECT_THAT(find_cold_changes(upgrade.diff()).emulator,
              ElementsAre("ERTS changes from 13.1.5 to 14.0"));
}

}  // namespace
}  // namespace relup::plan
