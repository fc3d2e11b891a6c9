// SPDX-License-Identifier: Apache-2.0
//
// From compiled modules to instructions. Every module here is compiled by the Erlang compiler.
#include <gmock/gmock.h>

#include "plan/planned_upgrade.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string server = R"(-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(_) -> {ok, 0}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, State, _) -> {ok, {State}}.
)";
// Its code_change is another one: one that is left over from an earlier step is not called.
const std::string changed_server = R"(-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(_) -> {ok, 0}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, State, _) -> {ok, {State, new}}.
)";
const std::string idle = R"(-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2]).
init(_) -> {ok, 0}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
)";
const std::string boss = R"(-behaviour(supervisor).
-export([init/1]).
init(_) -> {ok, {#{}, []}}.
)";

std::string module(const std::string& name, const std::string& body) {
  return "-module(" + name + ").\n" + body;
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"plain1/a", module("a", "-export([f/0]).\nf() -> 1.\n")},
      {"plain2/a", module("a", "-export([f/0]).\nf() -> 2.\n")},
      {"plain1/b", module("b", "-export([f/0]).\nf() -> 1.\n")},
      {"plain2/b", module("b", "-export([f/0]).\nf() -> 2.\n")},
      {"rebuilt/b", "\n\n" + module("b", "-export([f/0]).\nf() -> 1.\n")},
      {"plain1/srv", module("srv", server)},
      {"plain2/srv", module("srv", "-export([more/0]).\n" + changed_server + "more() -> ok.\n")},
      {"plain1/sup", module("sup", boss)},
      {"plain2/sup", module("sup", "-export([more/0]).\n" + boss + "more() -> ok.\n")},
      // The new a calls what only the new b exports.
      {"calls_new/a", module("a", "-export([f/0]).\nf() -> b:g().\n")},
      {"offers_new/b", module("b", "-export([f/0, g/0]).\nf() -> 1.\ng() -> 2.\n")},
      // The old a calls what the new b exports no longer.
      {"calls_old/a", module("a", "-export([f/0]).\nf() -> b:f().\n")},
      {"without_f/b", module("b", "-export([h/0]).\nh() -> 1.\n")},
      // A process without code_change, and a module: each calls what is new in the other.
      {"plain1/loop", module("loop", idle)},
      {"mutual/loop",
       module("loop", "-export([k/0, f/0]).\n" + idle + "k() -> 1.\nf() -> b:g().\n")},
      {"calls_loop/b", module("b", "-export([f/0, g/0]).\nf() -> loop:k().\ng() -> 2.\n")},
      // The new a calls b:g/0, and the new b calls a:k/0: new on both sides.
      {"mutual/a", module("a", "-export([f/0, k/0]).\nf() -> b:g().\nk() -> 1.\n")},
      {"mutual/b", module("b", "-export([f/0, g/0]).\nf() -> a:k().\ng() -> 2.\n")},
  });
  return modules;
}

// The modules "LABEL/NAME" as one application.
support::SampleApplication application(const std::string& version,
                                       const std::vector<std::string>& keys) {
  support::SampleApplication made{"shop", version};
  for (const std::string& key : keys)
    made.modules[key.substr(key.find('/') + 1)] = compiled().at(key);
  return made;
}

struct Scripts {
  std::vector<std::string> up;
  std::vector<std::string> down;
};

std::vector<std::string> printed(const std::vector<appup::Action>& actions) {
  std::vector<std::string> lines;
  for (const appup::Action& action : actions)
    lines.push_back(print(appup::to_term(action)));
  return lines;
}

Scripts scripts_between(const std::vector<std::string>& before,
                        const std::vector<std::string>& after,
                        RebuiltModules rebuilt = RebuiltModules::leave) {
  const PlannedUpgrade upgrade({"1", {application("1", before)}}, {"2", {application("2", after)}});
  const PlannedScripts scripts = upgrade.scripts("shop", rebuilt);
  return {printed(scripts.up), printed(scripts.down)};
}

TEST(PlannedScripts, ModulesThatDoNotNeedEachOtherSwitchOneByOne) {
  const Scripts scripts = scripts_between({"plain1/a", "plain1/b"}, {"plain2/a", "plain2/b"});
  EXPECT_THAT(scripts.up, ElementsAre("{load_module,a,soft_purge,soft_purge,[]}",
                                      "{load_module,b,soft_purge,soft_purge,[]}"));
  EXPECT_THAT(scripts.down, ElementsAre("{load_module,b,soft_purge,soft_purge,[]}",
                                        "{load_module,a,soft_purge,soft_purge,[]}"));
}

TEST(PlannedScripts, ProcessesChangeTheirStateAndSupervisorsTheirChildren) {
  const Scripts scripts =
      scripts_between({"plain1/srv", "plain1/sup"}, {"plain2/srv", "plain2/sup"});
  const std::string change = "{update,srv,dynamic,default,{advanced,[]},soft_purge,soft_purge,[]}";
  const std::string restart = "{update,sup,static,default,{advanced,[]},soft_purge,soft_purge,[]}";
  EXPECT_THAT(scripts.up, ElementsAre(change, restart));
  EXPECT_THAT(scripts.down, ElementsAre(restart, change));
}

TEST(PlannedScripts, WhoCallsANewFunctionSwitchesWithTheModuleThatHasIt) {
  const Scripts scripts =
      scripts_between({"plain1/a", "plain1/b"}, {"calls_new/a", "offers_new/b"});
  EXPECT_THAT(scripts.up, ElementsAre("{load_module,a,soft_purge,soft_purge,[b]}",
                                      "{load_module,b,soft_purge,soft_purge,[]}"));
  EXPECT_THAT(scripts.down, ElementsAre("{load_module,b,soft_purge,soft_purge,[]}",
                                        "{load_module,a,soft_purge,soft_purge,[b]}"));
}

TEST(PlannedScripts, AFunctionGoesOnlyWhenItsOldCallerHasGone) {
  const Scripts scripts = scripts_between({"calls_old/a", "plain1/b"}, {"plain2/a", "without_f/b"});
  EXPECT_THAT(scripts.up, ElementsAre("{load_module,a,soft_purge,soft_purge,[]}",
                                      "{load_module,b,soft_purge,soft_purge,[a]}"));
  EXPECT_THAT(scripts.down, ElementsAre("{load_module,b,soft_purge,soft_purge,[a]}",
                                        "{load_module,a,soft_purge,soft_purge,[]}"));
}

TEST(PlannedScripts, TwoThatNeedEachOtherAreACycle) {
  const Scripts scripts = scripts_between({"plain1/a", "plain1/b"}, {"mutual/a", "mutual/b"});
  EXPECT_THAT(scripts.up, ElementsAre("{load_module,a,soft_purge,soft_purge,[b]}",
                                      "{load_module,b,soft_purge,soft_purge,[a]}"));
}

TEST(PlannedScripts, ProcessesOfACycleAreSuspendedWhileItSwitches) {
  const Scripts scripts =
      scripts_between({"plain1/loop", "plain1/b"}, {"mutual/loop", "calls_loop/b"});
  EXPECT_THAT(scripts.up,
              ElementsAre("{load_module,b,soft_purge,soft_purge,[loop]}",
                          "{update,loop,dynamic,default,soft,soft_purge,soft_purge,[b]}"));
  EXPECT_THAT(scripts.down,
              ElementsAre("{update,loop,dynamic,default,soft,soft_purge,soft_purge,[b]}",
                          "{load_module,b,soft_purge,soft_purge,[loop]}"));
}

TEST(PlannedScripts, ACallThatAlwaysResolvesTiesNothing) {
  const Scripts scripts = scripts_between({"calls_old/a", "plain1/b"}, {"plain2/a", "plain2/b"});
  EXPECT_THAT(scripts.up, ElementsAre("{load_module,a,soft_purge,soft_purge,[]}",
                                      "{load_module,b,soft_purge,soft_purge,[]}"));
}

TEST(PlannedScripts, AddedModulesComeFirstAndRemovedOnesLeaveLast) {
  const Scripts scripts = scripts_between({"plain1/a", "plain1/srv"}, {"plain2/a", "plain1/sup"});
  EXPECT_THAT(scripts.up, ElementsAre("{load_module,sup,soft_purge,soft_purge,[]}",
                                      "{load_module,a,soft_purge,soft_purge,[]}",
                                      "{remove,{srv,soft_purge,soft_purge}}"));
  EXPECT_THAT(scripts.down, ElementsAre("{load_module,srv,soft_purge,soft_purge,[]}",
                                        "{load_module,a,soft_purge,soft_purge,[]}",
                                        "{remove,{sup,soft_purge,soft_purge}}"));
}

TEST(PlannedScripts, RebuiltModulesStayUnlessTheyAreAskedFor) {
  const std::vector<std::string> before{"plain1/a", "plain1/b"};
  const std::vector<std::string> after{"plain2/a", "rebuilt/b"};
  EXPECT_THAT(scripts_between(before, after).up,
              ElementsAre("{load_module,a,soft_purge,soft_purge,[]}"));
  EXPECT_THAT(scripts_between(before, after, RebuiltModules::include).up,
              ElementsAre("{load_module,a,soft_purge,soft_purge,[]}",
                          "{load_module,b,soft_purge,soft_purge,[]}"));
}

TEST(PlannedScripts, ANewVersionOfTheSameCodeHasNothingToDo) {
  const Scripts scripts = scripts_between({"plain1/a"}, {"plain1/a"});
  EXPECT_THAT(scripts.up, IsEmpty());
  EXPECT_THAT(scripts.down, IsEmpty());
}

}  // namespace
}  // namespace relup::plan
