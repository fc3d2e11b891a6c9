// SPDX-License-Identifier: Apache-2.0
//
// Which module must wait for which, and what an appup can say of it. Every module is compiled.
#include "plan/load_order.hpp"

#include <gmock/gmock.h>

#include "plan/planned_upgrade.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string module(const std::string& name, const std::string& exports, const std::string& body) {
  return "-module(" + name + ").\n-compile(debug_info).\n-export([" + exports + "]).\n" + body;
}

// Uses the record `item` of a header, with `fields`.
std::string record_user(const std::string& name, const std::string& fields) {
  return "-module(" + name +
         ").\n-compile(debug_info).\n-export([f/1]).\n-file(\"shop.hrl\", 1).\n" +
         "-record(item, {" + fields + "}).\n-file(\"" + name + ".erl\", 9).\n" +
         "f(I) -> I#item.price.\n";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"old/a", module("a", "f/0", "f() -> 1.\n")},
      {"old/b", module("b", "f/0", "f() -> 1.\n")},
      {"old/c", module("c", "f/0", "f() -> 1.\n")},
      {"changed/a", module("a", "f/0", "f() -> 2.\n")},
      {"calls_new/a", module("a", "f/0", "f() -> b:g().\n")},
      {"calls_old/a", module("a", "f/0", "f() -> b:f().\n")},
      {"calls_helper/a", module("a", "f/0", "f() -> helper:run().\n")},
      {"new/b", module("b", "f/0, g/0", "f() -> 1.\ng() -> 2.\n")},
      {"without_f/b", module("b", "h/0", "h() -> 1.\n")},
      {"new/helper", module("helper", "run/0", "run() -> b:g().\n")},
      {"old/helper", module("helper", "run/0", "run() -> b:f().\n")},
      {"record_old/a", record_user("a", "price")},
      {"record_new/a", record_user("a", "price, tax")},
      {"record_old/b", record_user("b", "price")},
      {"record_new/b", record_user("b", "price, tax")},
      {"record_old/c", module("c", "f/0", "-record(item, {a}).\nf() -> #item{}.\n")},
      {"record_new/c", module("c", "f/0", "-record(item, {a, b}).\nf() -> #item{}.\n")},
  });
  return modules;
}

support::SampleApplication application(const std::string& name, const std::string& version,
                                       const std::vector<std::string>& keys) {
  support::SampleApplication made{name, version};
  for (const std::string& key : keys)
    made.modules[key.substr(key.find('/') + 1)] = compiled().at(key);
  return made;
}

std::vector<std::string> told(const std::vector<Dependency>& dependencies) {
  std::vector<std::string> lines;
  for (const Dependency& each : dependencies) {
    lines.push_back(each.later.name() + " after " + each.earlier.name() + ": " + each.because);
  }
  return lines;
}

std::vector<std::string> dependencies_between(const std::vector<std::string>& before,
                                              const std::vector<std::string>& after) {
  const PlannedUpgrade upgrade({"1", {application("shop", "1", before)}},
                               {"2", {application("shop", "2", after)}});
  return told(upgrade.plan().dependencies);
}

std::vector<std::string> printed(const std::vector<appup::Action>& actions) {
  std::vector<std::string> lines;
  for (const appup::Action& action : actions)
    lines.push_back(print(appup::to_term(action)));
  return lines;
}

TEST(LoadOrder, ACallThatAlwaysResolvesIsNoDependency) {
  EXPECT_THAT(dependencies_between({"old/a", "old/b"}, {"calls_old/a", "new/b"}), IsEmpty());
}

TEST(LoadOrder, ANewFunctionComesBeforeItsCaller) {
  EXPECT_THAT(dependencies_between({"old/a", "old/b"}, {"calls_new/a", "new/b"}),
              ElementsAre("a after b: it calls b:g/0, which is new"));
}

TEST(LoadOrder, AFunctionLeavesAfterItsCaller) {
  EXPECT_THAT(dependencies_between({"calls_old/a", "old/b"}, {"changed/a", "without_f/b"}),
              ElementsAre("b after a: it no longer has b:f/0"));
}

TEST(LoadOrder, AnAddedModuleIsAPartOfItsCallers) {
  EXPECT_THAT(dependencies_between({"old/a", "old/b"}, {"calls_helper/a", "new/b", "new/helper"}),
              ElementsAre("a after b: it calls b:g/0, which is new",
                          "a after helper: it calls helper:run/0, of a new module"));
}

TEST(LoadOrder, ARemovedModuleIsAPartOfItsCallers) {
  EXPECT_THAT(
      dependencies_between({"calls_helper/a", "old/b", "old/helper"}, {"old/a", "without_f/b"}),
      ElementsAre("b after a: it no longer has b:f/0",
                  "helper after a: it leaves, and helper:run/0 is called"));
}

TEST(LoadOrder, UsersOfASharedRecordSwitchTogether) {
  EXPECT_THAT(dependencies_between({"record_old/a", "record_old/b", "record_old/c"},
                                   {"record_new/a", "record_new/b", "record_new/c"}),
              ElementsAre("b after a: both use the record item of shop.hrl, whose fields change"));
}

TEST(LoadOrder, UsersOfAStructSwitchAfterItsDefinition) {
  const auto modules = support::compile_elixir({
      {"old",
       "defmodule Cart do\n defstruct [:items]\nend\n"
       "defmodule Till do\n def new, do: %Cart{}\nend\n"
       "defmodule Other do\n def new, do: 1\nend\n"},
      {"new",
       "defmodule Cart do\n defstruct [:items, :total]\nend\n"
       "defmodule Till do\n def new, do: %Cart{total: 0}\nend\n"
       "defmodule Other do\n def new, do: 2\nend\n"},
  });
  const auto shop = [&](const std::string& version, const std::string& label) {
    support::SampleApplication made{"shop", version};
    for (const char* name : {"Elixir.Cart", "Elixir.Till", "Elixir.Other"})
      made.modules[name] = modules.at(label + "/" + name);
    return support::SampleRelease{version, {made}};
  };
  const PlannedUpgrade upgrade(shop("1", "old"), shop("2", "new"));
  EXPECT_THAT(told(upgrade.plan().dependencies),
              ElementsAre("Elixir.Till after Elixir.Cart: it uses the struct Elixir.Cart, whose "
                          "fields change"));
}

// shop starts before till, so its script runs before till's, both ways.
PlannedUpgrade two_applications(const std::vector<std::string>& old_shop,
                                const std::vector<std::string>& old_till,
                                const std::vector<std::string>& new_shop,
                                const std::vector<std::string>& new_till,
                                const std::set<Atom>& foreign = {}) {
  return PlannedUpgrade(
      {"1", {application("shop", "1", old_shop), application("till", "1", old_till)}},
      {"2", {application("shop", "2", new_shop), application("till", "2", new_till)}}, foreign);
}

TEST(TiesBetweenApplications, AreMadeWhereTheOrderOfTheScriptsIsWrong) {
  const PlannedUpgrade upgrade = two_applications({"old/a"}, {"old/b"}, {"calls_new/a"}, {"new/b"});
  const PlannedScripts scripts = upgrade.scripts("shop");
  EXPECT_THAT(printed(scripts.up), ElementsAre("{load_module,a,soft_purge,soft_purge,[b]}"));
  EXPECT_THAT(printed(scripts.down), ElementsAre("{load_module,a,soft_purge,soft_purge,[]}"));
  EXPECT_THAT(scripts.notes, IsEmpty());
}

TEST(TiesBetweenApplications, NameOnlyModulesThatRelupWritesInstructionsFor) {
  const PlannedUpgrade upgrade =
      two_applications({"old/a"}, {"old/b"}, {"calls_new/a"}, {"new/b"}, {Atom("till")});
  const PlannedScripts scripts = upgrade.scripts("shop");
  EXPECT_THAT(printed(scripts.up), ElementsAre("{load_module,a,soft_purge,soft_purge,[]}"));
  ASSERT_EQ(scripts.notes.size(), 1U);
  EXPECT_EQ(scripts.notes[0].severity, Severity::note);
  EXPECT_EQ(scripts.notes[0].message,
            "on the way up a switches before b, although it calls b:g/0, which is new");
  EXPECT_THAT(scripts.notes[0].notes,
              ElementsAre("the script of shop runs before that of till: a call in between fails"));
}

TEST(TiesBetweenApplications, AModuleThatLeavesTooEarlyIsSaid) {
  const PlannedUpgrade upgrade =
      two_applications({"old/helper"}, {"calls_helper/a", "old/b"}, {}, {"changed/a", "old/b"});
  const PlannedScripts scripts = upgrade.scripts("shop");
  EXPECT_THAT(printed(scripts.up), ElementsAre("{remove,{helper,soft_purge,soft_purge}}"));
  ASSERT_EQ(scripts.notes.size(), 1U);
  EXPECT_EQ(scripts.notes[0].message,
            "on the way up helper switches before a, although it leaves, "
            "and helper:run/0 is called");
}

TEST(TiesBetweenApplications, AnEntryOfSeveralBasesNamesOnlyWhatAllOfThemUpgrade) {
  const support::SampleRelease old_till{
      "1", {application("shop", "1", {"old/a"}), application("till", "1", {"old/b"})}};
  const support::SampleRelease new_till{
      "1.5", {application("shop", "1", {"old/a"}), application("till", "2", {"new/b"})}};
  const support::SampleRelease target{
      "2", {application("shop", "2", {"calls_new/a"}), application("till", "2", {"new/b"})}};
  const PlannedUpgrade first(old_till, target);
  const PlannedUpgrade second(new_till, target);
  const PlannedScripts scripts =
      plan_scripts({Atom("shop"), {&first.plan(), &second.plan()}, RebuiltModules::leave, nullptr});
  EXPECT_THAT(printed(scripts.up), ElementsAre("{load_module,a,soft_purge,soft_purge,[]}"));
  EXPECT_EQ(scripts.notes.size(), 1U);
}

}  // namespace
}  // namespace relup::plan
