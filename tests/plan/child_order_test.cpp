// SPDX-License-Identifier: Apache-2.0
//
// Children that come and go, and who calls them. Every module here is compiled by the Erlang
// compiler.
#include "plan/child_order.hpp"

#include <gmock/gmock.h>

#include "plan/planned_upgrade.hpp"
#include "policy/read_policy.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using ::testing::ElementsAre;

// One whose f/0 has `body`, and which has the other functions besides.
std::string module(const std::string& name, const std::string& body,
                   const std::string& others = "") {
  return "-module(" + name + ").\n-compile([export_all, nowarn_export_all]).\nf() -> " + body +
         ".\n" + others;
}

std::string boss(const std::string& children, const std::string& exports = "",
                 const std::string& others = "") {
  return "-module(boss).\n-behaviour(supervisor).\n-export([start_link/0, init/1" + exports +
         "]).\n"
         "start_link() -> supervisor:start_link({local, boss}, ?MODULE, []).\n"
         "init(_) -> {ok, {#{}, [" +
         children + "]}}.\n" + others;
}

std::string child(const std::string& name) {
  return "#{id => " + name + ", start => {" + name + ", f, []}}";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"none/boss", boss("")},
      {"clerk/boss", boss(child("clerk"))},
      {"printer/boss", boss(child("printer"))},
      {"gen_server/boss", boss("#{id => any, start => {gen_server, start_link, [clerk, [], []]}}")},
      {"x/clerk", module("clerk", "1")},
      {"till/clerk", module("clerk", "till:total()")},
      {"x/printer", module("printer", "1")},
      {"x/helper", module("helper", "clerk:f()")},
      {"old/desk", module("desk", "1")},
      {"clerk/desk", module("desk", "clerk:f()")},
      {"printer/desk", module("desk", "printer:f()")},
      {"helper/desk", module("desk", "helper:f()")},
      {"gen_server/desk", module("desk", "gen_server:call(a, b)")},
      {"old/till", module("till", "1")},
      {"new/till", module("till", "2")},
      {"total/till", module("till", "clerk:f()", "total() -> 1.\n")},
      {"desk/till", module("till", "desk:total()")},
      {"total/desk", module("desk", "clerk:f()", "total() -> 1.\n")},
      {"old/apron", module("apron", "1")},
      {"new/apron", module("apron", "desk:total()")},
      {"boss/desk", module("desk", "{boss:size(), clerk:f()}")},
      {"size/boss", boss(child("clerk"), ", size/0", "size() -> 1.\n")},
  });
  return modules;
}

support::SampleRelease shop(const std::string& version, const std::vector<std::string>& keys) {
  support::SampleApplication made{"shop", version};
  for (const std::string& key : keys)
    made.modules[key.substr(key.find('/') + 1)] = compiled().at(key);
  return {version, {made}};
}

// Instructions in short: "load desk", "start printer".
std::vector<std::string> told(const std::vector<appup::Action>& script) {
  std::vector<std::string> lines;
  for (const appup::Action& action : script) {
    const Term instruction = appup::to_term(action);
    const Term::Elements& parts = *instruction.as_tuple();
    const auto* apply = std::get_if<appup::Apply>(&action);
    if (apply == nullptr) {
      const Term::Elements* inner = parts[1].as_tuple();  // {remove, {M, _, _}}
      lines.push_back(print(parts[0]) + " " + print(inner == nullptr ? parts[1] : inner->front()));
    } else if (!(apply->function == "delete_child")) {
      const bool starts = apply->function == "restart_child";
      lines.push_back((starts ? "start " : "stop ") + print((*apply->arguments.as_list())[1]));
    }
  }
  return lines;
}

PlannedScripts between(const std::vector<std::string>& before,
                       const std::vector<std::string>& after) {
  const policy::ReadPolicy read = policy::read_policy("relup.yaml", "supervision: generate");
  return PlannedUpgrade(shop("1", before), shop("2", after), {}, read.policy).scripts("shop");
}

TEST(ChildOrder, WhoCallsAChildHasItAsLongAsItDoes) {
  const PlannedScripts scripts = between({"none/boss", "old/desk", "old/till"},
                                         {"clerk/boss", "clerk/desk", "new/till", "x/clerk"});
  EXPECT_THAT(told(scripts.up), ElementsAre("load_module clerk", "load_module till", "update boss",
                                            "start clerk", "load_module desk"));
  EXPECT_THAT(told(scripts.down), ElementsAre("load_module till", "load_module desk", "stop clerk",
                                              "update boss", "remove clerk"));
}

TEST(ChildOrder, ACallThroughANewModuleCounts) {
  const PlannedScripts scripts =
      between({"none/boss", "old/desk"}, {"clerk/boss", "helper/desk", "x/clerk", "x/helper"});
  EXPECT_THAT(told(scripts.up), ElementsAre("load_module clerk", "load_module helper",
                                            "update boss", "start clerk", "load_module desk"));
}

TEST(ChildOrder, OneChildStopsBeforeAnotherStarts) {
  const PlannedScripts scripts = between({"clerk/boss", "clerk/desk", "x/clerk"},
                                         {"printer/boss", "printer/desk", "x/printer"});
  EXPECT_THAT(told(scripts.up), ElementsAre("load_module printer", "stop clerk", "update boss",
                                            "start printer", "load_module desk", "remove clerk"));
}

TEST(ChildOrder, AChildFindsWhatItCalls) {
  const PlannedScripts scripts =
      between({"none/boss", "old/till"}, {"clerk/boss", "total/till", "till/clerk"});
  EXPECT_THAT(told(scripts.up),
              ElementsAre("load_module clerk", "update boss", "load_module till", "start clerk"));
  EXPECT_THAT(told(scripts.down),
              ElementsAre("stop clerk", "update boss", "load_module till", "remove clerk"));
}

TEST(ChildOrder, TiedModulesTakeTheirTurnTogether) {
  const PlannedScripts scripts = between({"none/boss", "old/desk", "old/apron"},
                                         {"clerk/boss", "total/desk", "new/apron", "x/clerk"});
  EXPECT_THAT(told(scripts.up), ElementsAre("load_module clerk", "update boss", "start clerk",
                                            "load_module apron", "load_module desk"));
  EXPECT_THAT(told(between({"none/boss", "old/desk"}, {"size/boss", "boss/desk", "x/clerk"}).up),
              ElementsAre("load_module clerk", "update boss", "load_module desk", "start clerk"));
}

TEST(ChildOrder, WhatManyCallIsNoReason) {
  const PlannedScripts scripts =
      between({"none/boss", "old/desk"}, {"gen_server/boss", "gen_server/desk"});
  EXPECT_THAT(told(scripts.up), ElementsAre("load_module desk", "update boss", "start any"));
}

}  // namespace
}  // namespace relup::plan
