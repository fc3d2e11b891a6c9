// SPDX-License-Identifier: Apache-2.0
//
// The children of supervisors after an install, against what they were before and what the code of
// the release says. Below tally_sup, whose list cannot be read from its code, there are a horn and
// band_sup, which has in 1.0.0
//
//   bell     which 1.1.0 does not list any more
//   drum     which 1.1.0 starts with another module, pipe, and as a transient child
//   flute    which is in both
//
// and 1.1.0 has a whistle, too. A relup neither starts nor stops any of them, unless it is told so.

#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "term/printer.hpp"
#include "term/term.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto whistle_is_out =
    "whistle, which 1.1.0 has below band_sup, does not run: "
    "`supervisor:restart_child(band_sup, whistle)` starts it";
constexpr auto bell_is_left =
    "bell still runs below band_sup, though 1.1.0 does not list it: "
    "`supervisor:terminate_child(band_sup, bell)` and "
    "`supervisor:delete_child(band_sup, bell)` end it";
constexpr auto drum_is_the_old_one =
    "drum below band_sup is still the process that drum:start_link/0 has started, and 1.1.0 has "
    "pipe:start_link/0 for it";

std::string instrument(const std::string& name) {
  return "-module(" + name + R"().
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
init([]) -> {ok, silent}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
)";
}

std::string band(const std::string& children) {
  return R"(-module(band_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
init([]) -> {ok, {#{}, [
    #{id => flute, start => {flute, start_link, []}},
    )" + children +
         "]}}.\n";
}

constexpr auto old_children = R"(#{id => bell, start => {bell, start_link, []}},
    #{id => drum, start => {drum, start_link, []}})";
constexpr auto new_children = R"(#{id => whistle, start => {whistle, start_link, []}},
    #{id => drum, start => {pipe, start_link, []}, restart => transient})";

SourceVariant& sources() {
  static SourceVariant all(RELUP_TESTDATA);
  static const bool once = [] {
    for (const std::string version : {"1.0.0", "1.1.0"}) {
      const auto folder = all.directory() / "tally" / version / "src";
      for (const std::string name : {"bell", "drum", "flute", "horn", "pipe", "whistle"})
        write_file(folder / (name + ".erl"), instrument(name));
      write_file(folder / "band_sup.erl", band(version == "1.0.0" ? old_children : new_children));
      const std::string last = "child(tally_listener, worker)";
      all.replace(version + "/src/tally_sup.erl", last,
                  last + ", child(horn, worker), child(band_sup, supervisor)");
    }
    return true;
  }();
  (void)once;
  return all;
}

class ChildrenTest : public LiveTest {
 protected:
  ChildrenTest() : ChildrenTest(plain()) {}
  explicit ChildrenTest(const BuildMachine& builds) { start(builds); }

  static BuildMachine& plain() {
    static BuildMachine made(sources().with(tools()));
    static const bool once = [] {
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }

  bool runs(const char* name) {
    return !connect()->call("erlang", "whereis", {Term::atom(name)}, 9s).is_atom("undefined");
  }
  Term of_supervisor(const char* function, const char* id) {
    return connect()->call("supervisor", function, {Term::atom("band_sup"), Term::atom(id)}, 9s);
  }
};

// The fall: the release handler says ok, and so does the supervisor.
TEST_F(ChildrenTest, WithoutRelupNobodyTellsThatAChildIsMissing) {
  const auto handle = [&](const char* function, const char* argument) {
    const Term answer = connect()->call("release_handler", function, {Term::string(argument)}, 60s);
    EXPECT_TRUE(answer.is_tagged("ok", 2) || answer.is_tagged("ok", 3)) << print(answer);
  };
  handle("unpack_release", "tally-1.1.0");
  handle("install_release", "1.1.0");
  EXPECT_FALSE(runs("whistle"));
  EXPECT_TRUE(runs("bell"));
  EXPECT_TRUE(runs("drum"));
}

TEST_F(ChildrenTest, WhoIsMissingLeftOverOrOfOldIsToldUpAndBack) {
  const std::string errors = relup({"upgrade", "1.1.0"}).errors;
  EXPECT_THAT(errors, AllOf(HasSubstr(whistle_is_out), HasSubstr(bell_is_left),
                            HasSubstr(drum_is_the_old_one), Not(HasSubstr("flute"))));
  EXPECT_FALSE(runs("whistle"));
  EXPECT_TRUE(runs("bell"));

  // What is told to be done is right.
  EXPECT_TRUE(of_supervisor("restart_child", "whistle").is_tagged("ok", 2));
  for (const char* function : {"terminate_child", "delete_child"})
    EXPECT_TRUE(of_supervisor(function, "bell").is_atom("ok"));
  const std::string back = relup({"downgrade", "1.0.0"}).errors;
  EXPECT_THAT(back, HasSubstr("whistle still runs below band_sup, though 1.0.0 does not list it"));
  EXPECT_THAT(back, HasSubstr("bell, which 1.0.0 has below band_sup, does not run"));
}

TEST_F(ChildrenTest, ARollbackTellsIt) {
  relup({"upgrade", "1.1.0", "--no-commit"});
  EXPECT_TRUE(of_supervisor("restart_child", "whistle").is_tagged("ok", 2));
  EXPECT_THAT(relup({"rollback"}).errors,
              HasSubstr("whistle still runs below band_sup, though 1.0.0 does not list it"));
}

// Somebody has added a child at run time, and has stopped another one: that is as it was before.
TEST_F(ChildrenTest, WhatStoodSoBeforeIsNotTold) {
  const Term start = tagged("pipe", Term::atom("start_link"), Term());
  connect()->call("supervisor", "start_child",
                  {Term::atom("band_sup"), Term::map({{Term::atom("id"), Term::atom("guest")},
                                                      {Term::atom("start"), start}})},
                  9s);
  EXPECT_TRUE(of_supervisor("terminate_child", "flute").is_atom("ok"));
  const std::string errors = relup({"upgrade", "1.1.0"}).errors;
  EXPECT_THAT(errors,
              AllOf(HasSubstr(whistle_is_out), Not(HasSubstr("guest")), Not(HasSubstr("flute"))));
}

// The script says what becomes of them.
class ToldChildrenTest : public ChildrenTest {
 protected:
  ToldChildrenTest() : ChildrenTest(told()) {}

  static BuildMachine& told() {
    static BuildMachine made(sources().with(tools()));
    static const bool once = [] {
      write_file(made.directory() / "relup.yaml", "supervision: generate\n");
      made.make_tarball({"--config", made.directory() / "relup.yaml"});
      return true;
    }();
    (void)once;
    return made;
  }
};

TEST_F(ToldChildrenTest, WhatTheScriptDoesIsNotTold) {
  const std::string errors = relup({"upgrade", "1.1.0"}).errors;
  EXPECT_THAT(errors, AllOf(Not(HasSubstr("drum below band_sup")), Not(HasSubstr("whistle")),
                            Not(HasSubstr("bell"))));
  EXPECT_TRUE(runs("whistle"));
  EXPECT_FALSE(runs("bell"));
}

// Edited by hand: the supervisor is only loaded, and two children go that should stay.
class LoadedSupervisorTest : public ChildrenTest {
 protected:
  LoadedSupervisorTest() : ChildrenTest(edited(With::debug_information)) {}
  enum class With { debug_information, nothing };
  explicit LoadedSupervisorTest(With what) : ChildrenTest(edited(what)) {}

  static BuildMachine& edited(With what) {
    static BuildMachine whole(sources().with(tools()));
    static BuildMachine bare(sources().with(tools()));
    static const bool once = [] {
      make(whole, With::debug_information);
      make(bare, With::nothing);
      return true;
    }();
    (void)once;
    return what == With::nothing ? bare : whole;
  }

 private:
  static void make(BuildMachine& made, With what) {
    made.build();
    must_succeed(made.generate());
    const auto appup = made.new_root() / "lib/tally-1.1.0/ebin/tally.appup";
    std::string text = read_file(appup);
    const std::string update =
        "{update, band_sup, static, default, {advanced, []}, soft_purge, soft_purge, []}";
    const std::string load =
        "{load_module, band_sup, soft_purge, soft_purge, []},\n"
        "    {apply, {supervisor, terminate_child, [band_sup, flute]}},\n"
        "    {apply, {gen_server, call, [tally_sup, {terminate_child, horn}]}}";
    if (text.find(update) == std::string::npos) throw std::runtime_error("no " + update);
    for (std::size_t at = 0; (at = text.find(update)) != std::string::npos;)
      text.replace(at, update.size(), load);
    write_file(appup, text);
    must_succeed(made.generate());
    if (what == With::nothing) {
      shell(
          "erl -noshell -eval '{ok, _} = beam_lib:strip_files(filelib:wildcard("
          "\"*/lib/tally-*/ebin/*.beam\"), [\"Attr\"]), halt().'",
          made.directory());
    }
    must_succeed(made.pack());
  }
};

TEST_F(LoadedSupervisorTest, OldSpecificationsAndAChildThatWentAreTold) {
  EXPECT_THAT(
      relup({"upgrade", "1.1.0"}).errors,
      AllOf(HasSubstr("whistle, which 1.1.0 has below band_sup, does not run: band_sup does not "
                      "know it; supervisor:start_child/2 adds it"),
            HasSubstr("band_sup keeps the old specification of drum: started by drum (1.1.0: "
                      "pipe), modules drum (1.1.0: pipe), restart permanent (1.1.0: transient)"),
            HasSubstr("{update, band_sup, supervisor}"),
            HasSubstr("flute ran below band_sup before the install and does not run any more: "
                      "`supervisor:restart_child(band_sup, flute)` starts it"),
            HasSubstr("horn ran below tally_sup before the install and does not run any more")));
}

// Their lists are read from the code all the same.
class StrippedSupervisorTest : public LoadedSupervisorTest {
 protected:
  StrippedSupervisorTest() : LoadedSupervisorTest(With::nothing) {}
};

TEST_F(StrippedSupervisorTest, WithoutDebugInformationTheSameIsTold) {
  EXPECT_THAT(relup({"upgrade", "1.1.0"}).errors,
              AllOf(HasSubstr("whistle, which 1.1.0 has below band_sup, does not run"),
                    HasSubstr("band_sup keeps the old specification of drum"),
                    HasSubstr("flute ran below band_sup before the install")));
}

}  // namespace
}  // namespace relup::live_tests
