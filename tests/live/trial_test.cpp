// SPDX-License-Identifier: Apache-2.0
//
// code_change tried on copies of live states, in a second emulator. What clients have counted says
// how the code of the new release fails: its counter stumbles over the names "crash", "slow" and
// the like, its connections over a client in the middle of a long line, its audit, a handler of
// events, over what is not clean.

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <sys/socket.h>

#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "term/term.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto stumbling_up = R"(code_change(_Vsn, {state, _, #{<<"crash">> := _} = Counts}, _) ->
    {ok, key_of(maps:keys(Counts))};
code_change(_Vsn, {state, _, #{<<"bad">> := _} = Counts}, _) ->
    {done, Counts};
code_change(_Vsn, {state, _, #{<<"absent">> := _} = Counts}, _) ->
    {ok, tally_stats:no_such_function(Counts)};
code_change(_Vsn, {state, _, #{<<"slow">> := _}} = State, _) ->
    timer:sleep(8000),
    {ok, State};
code_change(Vsn, {state, Total, #{<<"rates">> := _} = Counts}, Extra) ->
    [_ | _] = persistent_term:get(tally_rates),
    code_change(Vsn, {state, Total, maps:remove(<<"rates">>, Counts)}, Extra);
code_change(_Vsn, {state, Total, Counts}, _Extra) when not is_map_key(<<"clause">>, Counts) ->)";

constexpr auto stumbling_down =
    R"(code_change({down, _Vsn}, #state{counts = #{<<"back">> := _}}, _) ->
    error(no_way_back);
code_change({down, _Vsn}, #state{)";

constexpr auto helper = R"(key_of(Keys) when is_atom(hd(Keys)) ->
    hd(Keys).

now_in_seconds() ->)";

// Its state is {audit, Spoilt, Ledger}.
constexpr auto audit = R"(-module(tally_audit).
-behaviour(gen_event).
-export([start_link/0, init/1, handle_event/2, handle_call/2, code_change/3]).
start_link() ->
    {ok, Pid} = gen_event:start_link({local, ?MODULE}),
    ok = gen_event:add_handler(Pid, ?MODULE, []),
    {ok, Pid}.
init([]) -> {ok, {audit, 0, <<"hunter2">>}};
init(never) -> {ok, version()}.
handle_event(spoil, {audit, Spoilt, Ledger}) -> {ok, {audit, Spoilt + 1, Ledger}};
handle_event(_, State) -> {ok, State}.
handle_call(_, State) -> {ok, State, State}.
code_change({down, _}, State, _) -> {ok, State};
code_change(_, {audit, 0, Ledger}, _) -> {ok, {audit, 0, Ledger}}.
version() -> VERSION.
)";

constexpr auto audit_child =
    "#{id => tally_audit, start => {tally_audit, start_link, []}, modules => dynamic},\n        "
    "child(tally_counter, worker),";

SourceVariant& stumbling_sources() {
  static SourceVariant sources(RELUP_TESTDATA);
  static const bool once = [] {
    const std::string counter = "1.1.0/src/tally_counter.erl";
    sources.replace(counter, "code_change(_Vsn, {state, Total, Counts}, _Extra) ->", stumbling_up);
    sources.replace(counter, "code_change({down, _Vsn}, #state{", stumbling_down);
    sources.replace(counter, "now_in_seconds() ->", helper);
    sources.replace("1.1.0/src/tally_connection.erl", "code_change(_Vsn, State, {data, Socket},",
                    "code_change(_Vsn, State, {data, Socket}, _) when State =:= skipping ->\n"
                    "    error({unexpected, Socket});\n"
                    "code_change(_Vsn, State, {data, Socket},");
    for (const std::string version : {"1.0.0", "1.1.0"}) {
      std::string text = audit;
      text.replace(text.find("VERSION"), 7, "\"" + version + "\"");
      write_file(sources.directory() / "tally" / version / "src/tally_audit.erl", text);
      sources.replace(version + "/src/tally_sup.erl", "child(tally_counter, worker),", audit_child);
    }
    return true;
  }();
  (void)once;
  return sources;
}

// The arguments of a process, divided by blanks; empty when it is gone.
std::string arguments_of(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/cmdline", std::ios::binary);
  std::ostringstream read;
  read << file.rdbuf();  // which, unlike an iterator, takes the end of the process for an end
  std::string text = read.str();
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

std::string parent_of(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("PPid:")) return line.substr(line.find_first_of("0123456789"));
  }
  return "0";
}

bool descends_from(std::string pid, const std::string& ancestor) {
  while (pid != "0" && pid != "1") {
    pid = parent_of(pid);
    if (pid == ancestor) return true;
  }
  return false;
}

// The emulators that run below a process.
std::vector<pid_t> emulators_below(pid_t node) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    if (arguments_of(pid).find("beam.smp ") == std::string::npos) continue;
    if (descends_from(pid, std::to_string(node))) found.push_back(std::stoi(pid));
  }
  return found;
}

bool is_gone(pid_t pid) {
  return arguments_of(std::to_string(pid)).empty();
}

template <typename Condition>
bool holds_within(std::chrono::milliseconds limit, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

bool has_boot_files(pid_t node) {
  const std::string mark = "-" + std::to_string(node) + "-";
  const fs::directory_iterator folder(fs::temp_directory_path());
  return std::any_of(begin(folder), end(folder), [&](const fs::directory_entry& entry) {
    const std::string name = entry.path().filename();
    return name.starts_with("relup_agent") && name.find(mark) != std::string::npos;
  });
}

class TrialTest : public LiveTest {
 protected:
  TrialTest() : TrialTest(builds()) {}
  explicit TrialTest(const BuildMachine& builds) { start(builds); }

  static BuildMachine& builds() {
    static BuildMachine made(stumbling_sources().with(tools()));
    static const bool once = [] {
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }

  // That check tells `sentence`, and that an upgrade refuses with it, while nothing changes and no
  // value is shown.
  void expect_refused(const std::string& sentence) {
    const RelupResult checked = relup({"check", "1.1.0"}, 1);
    EXPECT_THAT(checked.output, AllOf(HasSubstr(sentence), Not(HasSubstr("hunter2"))));
    const RelupResult refused = relup({"upgrade", "1.1.0"}, 1);
    EXPECT_THAT(refused.errors, AllOf(HasSubstr(sentence), Not(HasSubstr("hunter2"))));
    EXPECT_THAT(read_file(site_.node().log_file()), Not(HasSubstr("hunter2")));
    expect_running("1.0.0", "1.0.0");
    EXPECT_TRUE(emulators_below(site_.node().pid()).empty());
  }

  // A call past relup.
  Term release_handler(const char* function, const char* argument) {
    return connect()->call("release_handler", function, {Term::string(argument)}, 60s);
  }

  // Whether the node starts again, without what was counted under `name`, within half a minute.
  bool has_restarted(const std::string& name) {
    return holds_within(30s, [&] {
      try {
        return ask("hit " + name) == name + " 1";
      } catch (const std::exception&) {
        return false;
      }
    });
  }

  // The emulator of a trial that goes on, begun by `run`.
  pid_t emulator_of(RelupRun& run) {
    std::vector<pid_t> found;
    const bool is_there = holds_within(30s, [&] {
      found = emulators_below(site_.node().pid());
      // For a moment, a process that was forked has the arguments of its parent.
      return found.size() == 1 || !run.running();
    });
    if (!is_there || found.size() != 1) throw std::runtime_error("no second emulator");
    return found.front();
  }
};

// The fall: the release handler finds out in the middle, and the node starts again without what was
// counted.
TEST_F(TrialTest, WithoutATrialTheNodeRestarts) {
  ask("hit crash");
  release_handler("unpack_release", "tally-1.1.0");
  EXPECT_TRUE(release_handler("install_release", "1.1.0").is_tagged("error", 2));
  EXPECT_TRUE(has_restarted("crash"));
}

TEST_F(TrialTest, ACrashIsToldWithItsPlaceAndWithoutAValue) {
  ask("hit hunter2");
  ask("hit crash");
  expect_refused(
      "code_change/3 of tally_counter (up, from 1.0.0) crashes: no clause fits (function_clause), "
      "at key_of/1, tally_counter.erl:");
}

TEST_F(TrialTest, AStateThatNoClauseTakesIsRefused) {
  ask("hit hunter2");
  ask("hit clause");
  expect_refused(
      "code_change/3 of tally_counter (up, from 1.0.0) crashes: no clause fits (function_clause), "
      "at tally_counter.erl:");
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output,
              HasSubstr("with a state {state, integer, map/2}"));
}

TEST_F(TrialTest, AnotherAnswerThanOkIsRefused) {
  ask("hit hunter2");
  ask("hit bad");
  expect_refused(
      "code_change/3 of tally_counter (up, from 1.0.0) answers {done, map/2} where {ok, NewState} "
      "is due");
}

TEST_F(TrialTest, AFunctionThatIsNotThereIsRefused) {
  ask("hit absent");
  expect_refused("there is no function tally_stats:no_such_function/1");
}

TEST_F(TrialTest, OneThatTakesTooLongIsRefused) {
  ask("hit slow");
  const std::string sentence =
      "too slow: after 5 s code_change/3 of tally_counter (up, from 1.0.0) has not answered";
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr(sentence));
}

TEST_F(TrialTest, StateAndDataOfAStateMachineAreTried) {
  const Fd client = connect_loopback(site_.node().port());
  const std::string long_line = "hunter2" + std::string(5'000, 'x');
  char answer = 0;
  ASSERT_GT(send(client.get(), long_line.data(), long_line.size(), 0), 0);
  ASSERT_EQ(recv(client.get(), &answer, 1, 0), 1);
  expect_refused(
      "code_change/4 of tally_connection (up, from 1.0.0) crashes: unexpected port, at "
      "tally_connection.erl:");
}

TEST_F(TrialTest, AHandlerOfEventsIsTried) {
  connect()->call("gen_event", "sync_notify", {Term::atom("tally_audit"), Term::atom("spoil")}, 9s);
  expect_refused(
      "code_change/3 of tally_audit (up, from 1.0.0) crashes: no clause fits (function_clause), at "
      "tally_audit.erl:");
}

// There is no such term in the second emulator. On the node there is.
TEST_F(TrialTest, WhatTheSecondEmulatorDoesNotHaveIsUndecided) {
  connect()->call("persistent_term", "put",
                  {Term::atom("tally_rates"), Term::list({Term(std::int64_t{1})})}, 9s);
  ask("hit rates");
  EXPECT_THAT(relup({"check", "1.1.0"}).output,
              AllOf(HasSubstr("code_change/3 of tally_counter (up) is not proved"),
                    HasSubstr("in a second emulator: persistent_term:get/1 fails there")));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}).errors, HasSubstr("is not proved"));
  expect_running("1.1.0", "1.1.0");
}

TEST_F(TrialTest, AWayBackThatFailsIsToldBeforeAndRefusedThen) {
  ask("hit back");
  const std::string failure =
      "code_change/3 of tally_counter (down, to 1.0.0) crashes: no_way_back";
  EXPECT_THAT(relup({"check", "1.1.0"}).output, HasSubstr("the way back would fail: " + failure));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}).errors, HasSubstr("the way back would fail: " + failure));
  expect_running("1.1.0", "1.1.0");
  EXPECT_THAT(relup({"downgrade", "1.0.0"}, 1).errors, HasSubstr(failure));
  expect_running("1.1.0", "1.1.0");
}

// The fall: the release handler finds out in the middle of going back.
TEST_F(TrialTest, ARollbackThatWouldFailIsRefusedAndWithoutATrialTheNodeRestarts) {
  ask("hit back");
  relup({"upgrade", "1.1.0", "--no-commit"});
  const RelupResult refused = relup({"rollback"}, 1);
  EXPECT_THAT(refused.errors,
              HasSubstr("tried on a copy of a live state, code_change/3 of tally_counter (down, to "
                        "1.0.0) crashes: no_way_back"));
  expect_running("1.1.0", "1.0.0");
  EXPECT_EQ(ask("hit back"), "back 2");
  EXPECT_TRUE(release_handler("install_release", "1.0.0").is_tagged("error", 2));
  EXPECT_TRUE(has_restarted("back"));
}

TEST_F(TrialTest, AProbeDoesNotTakeTheNodeBackIntoARestart) {
  ask("hit back");
  const RelupResult failed = relup({"upgrade", "1.1.0", "--probe", "false"}, 7);
  EXPECT_THAT(failed.errors,
              AllOf(HasSubstr("going back would fail: tried on a copy of a live state, "
                              "code_change/3 of tally_counter (down, to 1.0.0) crashes"),
                    HasSubstr("a restart of the node boots 1.0.0")));
  expect_running("1.1.0", "1.0.0");
  EXPECT_EQ(ask("hit back"), "back 2");
}

TEST_F(TrialTest, ARollbackWhoseCodeChangeWorksGoesThrough) {
  ask("hit hunter2");
  relup({"upgrade", "1.1.0", "--no-commit"});
  relup({"rollback"});
  expect_running("1.0.0", "1.0.0");
  EXPECT_EQ(ask("hit hunter2"), "hunter2 2");
}

TEST_F(TrialTest, AnEmulatorDoesNotOutliveRelup) {
  ask("hit slow");
  const auto run = site_.start_relup({"upgrade", "1.1.0"});
  const pid_t emulator = emulator_of(*run);
  send_signal(run->pid(), SIGKILL);
  EXPECT_TRUE(holds_within(20s, [&] { return is_gone(emulator); }));
  expect_running("1.0.0", "1.0.0");
}

TEST_F(TrialTest, AnEmulatorDoesNotOutliveTheNode) {
  ask("hit slow");
  const auto run = site_.start_relup({"check", "1.1.0"});
  const pid_t emulator = emulator_of(*run);
  // What it was started from goes when it has started.
  EXPECT_TRUE(holds_within(20s, [&] { return !has_boot_files(site_.node().pid()); }));
  send_signal(site_.node().pid(), SIGKILL);
  EXPECT_TRUE(holds_within(20s, [&] { return is_gone(emulator); }));
}

// A relup was made for another build, and the module that is packed exports another code_change.
class WrongArityTest : public TrialTest {
 protected:
  WrongArityTest() : TrialTest(builds()) {}

  static BuildMachine& builds() {
    static BuildMachine made(tools());
    static const bool once = [] {
      made.build();
      must_succeed(made.generate());
      const fs::path source = made.directory() / "tally_counter.erl";
      write_file(source, read_file(fs::path(RELUP_TESTDATA) / "tally/1.1.0/src/tally_counter.erl"));
      replace_in_file(source, "code_change/3]", "code_change/2]");
      replace_in_file(source, "now_in_seconds() ->",
                      "code_change(Vsn, State) -> code_change(Vsn, State, []).\n\n"
                      "now_in_seconds() ->");
      shell("erlc -o new/lib/tally-1.1.0/ebin tally_counter.erl", made.directory());
      must_succeed(made.pack());
      return true;
    }();
    (void)once;
    return made;
  }
};

TEST_F(WrongArityTest, ItIsRefused) {
  ask("hit hunter2");
  expect_refused("there is no function tally_counter:code_change/3");
}

// 1.1.0 starts its supervisor with another argument, and the one that runs keeps its own.
class SupervisorTrialTest : public TrialTest {
 protected:
  SupervisorTrialTest() : TrialTest(builds()) {}

  static BuildMachine& builds() {
    static SourceVariant sources(RELUP_TESTDATA);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      const std::string supervisor = "1.1.0/src/tally_sup.erl";
      sources.replace(supervisor, "?MODULE, [])", "?MODULE, {intensity, 10})");
      sources.replace(supervisor, "init([]) ->", "init({intensity, _}) ->");
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }
};

TEST_F(SupervisorTrialTest, AnInitThatDoesNotTakeTheOldArgumentIsRefused) {
  expect_refused(
      "init/1 of tally_sup (up, from 1.0.0) crashes: no clause fits (function_clause), at "
      "tally_sup.erl:");
}

// The fall: the release handler finds out when the code is loaded.
TEST_F(SupervisorTrialTest, WithoutATrialTheNodeRestarts) {
  ask("hit one");
  release_handler("unpack_release", "tally-1.1.0");
  EXPECT_TRUE(release_handler("install_release", "1.1.0").is_tagged("error", 2));
  EXPECT_TRUE(has_restarted("one"));
}

// Its init/1 makes a table, which the first start has made already.
class TableTrialTest : public TrialTest {
 protected:
  TableTrialTest() : TrialTest(builds()) {}

  static BuildMachine& builds() {
    static SourceVariant sources(RELUP_TESTDATA);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      for (const std::string version : {"1.0.0", "1.1.0"})
        sources.replace(version + "/src/tally_sup.erl", "init([]) ->",
                        "init([]) ->\n    _ = ets:new(tally_table, [named_table, public]),");
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }
};

TEST_F(TableTrialTest, AnInitThatMakesATableAgainIsRefused) {
  expect_refused("init/1 of tally_sup (up, from 1.0.0) crashes: badarg, at tally_sup.erl:");
}

// Code without debug information, and without the lines of its source.
class StrippedTrialTest : public TrialTest {
 protected:
  StrippedTrialTest() : TrialTest(stripped()) {}

  static BuildMachine& stripped() {
    static BuildMachine made(stumbling_sources().with(tools()));
    static const bool once = [] {
      made.build();
      must_succeed(made.generate());
      shell(
          "erl -noshell -eval '{ok, _} = beam_lib:strip_files(filelib:wildcard("
          "\"*/lib/tally-*/ebin/*.beam\")), halt().'",
          made.directory());
      must_succeed(made.pack());
      return true;
    }();
    (void)once;
    return made;
  }
};

TEST_F(StrippedTrialTest, ItIsTriedAsWell) {
  ask("hit crash");
  expect_refused("code_change/3 of tally_counter (up, from 1.0.0) crashes: no clause fits");
}

}  // namespace
}  // namespace relup::live_tests
