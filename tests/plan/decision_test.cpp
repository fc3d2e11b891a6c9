// SPDX-License-Identifier: Apache-2.0
//
// Why scripts are as they are. Every module here is compiled by the Erlang compiler.
#include <gmock/gmock.h>

#include "plan/planned_upgrade.hpp"
#include "policy/read_policy.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string module(const std::string& name, const std::string& body) {
  return "-module(" + name + ").\n-compile(debug_info).\n" + body;
}

std::string server(const std::string& fields, const std::string& answer,
                   const std::string& reply = "old") {
  return module("srv", "-behaviour(gen_server).\n-record(state, {" + fields +
                           "}).\n"
                           "-export([init/1, handle_call/3, handle_cast/2, code_change/3]).\n"
                           "init(_) -> {ok, #state{}}.\n"
                           "handle_call(_, _, S) -> {reply, " +
                           reply +
                           ", S}.\n"
                           "handle_cast(_, S) -> {noreply, S}.\n"
                           "code_change(_, S, _) -> {ok, " +
                           answer + "}.\n");
}

std::string boss(const std::string& child) {
  return module("sup",
                "-behaviour(supervisor).\n-export([start_link/0, init/1]).\n"
                "start_link() -> supervisor:start_link({local, sup}, sup, []).\n"
                "init(_) -> {ok, {#{}, [#{id => " +
                    child + "}]}}.\n");
}

std::string idle(const std::string& exports, const std::string& functions) {
  return module("loop", "-behaviour(gen_server).\n" + exports +
                            "-export([init/1, handle_call/3, handle_cast/2]).\n"
                            "init(_) -> {ok, 0}.\nhandle_call(_, _, S) -> {reply, S, S}.\n"
                            "handle_cast(_, S) -> {noreply, S}.\n" +
                            functions);
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"old/a", module("a", "-export([f/0]).\nf() -> 1.\n")},
      {"new/a", module("a", "-export([f/0]).\nf() -> b:g().\n")},
      {"rebuilt/a", "\n" + module("a", "-export([f/0]).\nf() -> 1.\n")},
      {"old/b", module("b", "-export([f/0]).\nf() -> 1.\n")},
      {"new/b", module("b", "-export([f/0, g/0]).\nf() -> 1.\ng() -> 2.\n")},
      {"old/srv", server("n", "S")},
      {"new/srv", server("n, since", "{S}")},
      {"keeps/srv", server("n", "S", "new")},
      {"changes/srv", server("n", "{S}", "new")},
      {"old/sup", boss("one")},
      {"new/sup", boss("two")},
      {"old/loop", idle("", "")},
      {"mutual/loop", idle("-export([k/0, f/0]).\n", "k() -> 1.\nf() -> b:g().\n")},
      {"mutual/b", module("b", "-export([f/0, g/0]).\nf() -> loop:k().\ng() -> 2.\n")},
  });
  return modules;
}

support::SampleRelease shop(const std::string& version, const std::vector<std::string>& keys) {
  support::SampleApplication made{"shop", version};
  for (const std::string& key : keys)
    made.modules[key.substr(key.find('/') + 1)] = compiled().at(key);
  return {version, {made}};
}

// "SUBJECT: INSTRUCTION: REASON; REASON", of one direction.
std::vector<std::string> told(const PlannedScripts& scripts, appup::Direction direction) {
  std::vector<std::string> lines;
  for (const Decision& decision : scripts.decisions) {
    if (decision.direction != direction) continue;
    const auto& action = decision.instruction;
    std::string line = decision.subject.name() + ": " +
                       (action ? print((*appup::to_term(*action).as_tuple())[0]) : "nothing") + ":";
    for (const std::string& reason : decision.because)
      line += " " + reason + ";";
    lines.push_back(line);
  }
  return lines;
}

PlannedScripts between(const std::vector<std::string>& before,
                       const std::vector<std::string>& after, const std::string& policy = "") {
  const policy::ReadPolicy read = policy::read_policy("relup.yaml", policy);
  EXPECT_THAT(read.diagnostics, IsEmpty());
  return PlannedUpgrade(shop("1", before), shop("2", after), {}, read.policy).scripts("shop");
}

TEST(Decisions, NameTheCallThatTiesTwoModules) {
  const PlannedScripts scripts = between({"old/a", "old/b"}, {"new/a", "new/b"});
  EXPECT_THAT(told(scripts, appup::Direction::up),
              ElementsAre("a: load_module: module without code_change; "
                          "waits for b: it calls b:g/0, which is new;",
                          "b: load_module: module without code_change;"));
  EXPECT_THAT(told(scripts, appup::Direction::down),
              ElementsAre("b: load_module: module without code_change;",
                          "a: load_module: module without code_change; "
                          "goes before b: it calls b:g/0, which is new;"));
}

TEST(Decisions, TellWhatBecomesOfTheStateOnEachWay) {
  const PlannedScripts scripts = between({"old/srv"}, {"new/srv"});
  EXPECT_THAT(told(scripts, appup::Direction::up),
              ElementsAre("srv: update: gen_server with code_change/3; "
                          "its state (record state) has the new field since;"));
  EXPECT_THAT(told(scripts, appup::Direction::down),
              ElementsAre("srv: update: gen_server with code_change/3; "
                          "its state (record state) no longer has since;"));
}

TEST(Decisions, TellWhyAProcessIsNotSuspended) {
  EXPECT_THAT(told(between({"old/srv"}, {"keeps/srv"}), appup::Direction::up),
              ElementsAre("srv: load_module: gen_server whose code_change/3 returns the state as "
                          "it was;"));
  EXPECT_THAT(told(between({"old/srv"}, {"changes/srv"}), appup::Direction::up),
              ElementsAre("srv: update: gen_server with code_change/3;"));
}

TEST(Decisions, TellWhyAProcessIsSuspendedWithoutCodeChange) {
  const PlannedScripts scripts = between({"old/loop", "old/b"}, {"mutual/loop", "mutual/b"});
  EXPECT_THAT(told(scripts, appup::Direction::up),
              ElementsAre("b: load_module: module without code_change; "
                          "waits for loop: it calls loop:k/0, which is new;",
                          "loop: update: gen_server without code_change; "
                          "suspended, for it and others need each other while they switch; "
                          "waits for b: it calls b:g/0, which is new;"));
}

TEST(Decisions, TellWhichVersionHasAModule) {
  const PlannedScripts scripts = between({"old/a"}, {"old/b"});
  EXPECT_THAT(told(scripts, appup::Direction::up),
              ElementsAre("b: load_module: only 2 has it;", "a: remove: only 1 has it;"));
  EXPECT_THAT(told(scripts, appup::Direction::down),
              ElementsAre("a: load_module: only 1 has it;", "b: remove: only 2 has it;"));
}

TEST(Decisions, TellWhyNothingIsDone) {
  EXPECT_THAT(told(between({"old/a", "old/b"}, {"rebuilt/a", "new/b"}, "leave_alone: [b]"),
                   appup::Direction::up),
              ElementsAre("a: nothing: same code, compiled anew;",
                          "b: nothing: relup.yaml says to leave it alone;"));
}

TEST(Decisions, TellWhatTheUserWished) {
  const PlannedScripts scripts =
      between({"old/srv", "old/sup"}, {"new/srv", "new/sup"},
              "purge: brutal\nsupervision: generate\napplications:\n  shop:\n    modules:\n"
              "      srv: {change: update, suspend_timeout: 10, extra: x}\n"
              "    instructions:\n      - at: last\n        up: '{apply, {a, b, []}}'\n");
  EXPECT_THAT(
      told(scripts, appup::Direction::up),
      ElementsAre("srv: update: relup.yaml says what kind of change it is; "
                  "its state (record state) has the new field since; "
                  "relup.yaml says what code_change is told; "
                  "relup.yaml says how long it may take to suspend; "
                  "relup.yaml says how to purge;",
                  "shop: apply: relup.yaml says to start and stop children of supervisors;",
                  "shop: apply: relup.yaml says to start and stop children of supervisors;",
                  "sup: update: supervisor, whose init/1 runs again; relup.yaml says how to purge;",
                  "shop: apply: relup.yaml says to start and stop children of supervisors;",
                  "shop: apply: relup.yaml adds it;"));
}

TEST(Decisions, TellOnlyOfWishesThatTheInstructionFollows) {
  const std::string policy = "suspend_timeout: 10\n";
  EXPECT_THAT(told(between({"old/b"}, {"new/b"}, policy), appup::Direction::up),
              ElementsAre("b: load_module: module without code_change;"));
}

// One for each instruction, and the same instructions as in the script.
TEST(Decisions, CoverTheScript) {
  const PlannedScripts scripts =
      between({"old/a", "old/b", "old/srv", "old/sup"},
              {"new/a", "new/b", "new/srv", "new/sup", "old/loop"}, "supervision: generate\n");
  std::vector<std::string> decided;
  for (const Decision& decision : scripts.decisions)
    decided.push_back(print(appup::to_term(*decision.instruction)));
  std::vector<std::string> written;
  for (const auto* script : {&scripts.up, &scripts.down}) {
    for (const appup::Action& action : *script)
      written.push_back(print(appup::to_term(action)));
  }
  EXPECT_THAT(written, SizeIs(16));
  EXPECT_EQ(decided, written);
}

}  // namespace
}  // namespace relup::plan
