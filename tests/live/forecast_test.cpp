// SPDX-License-Identifier: Apache-2.0
//
// What `relup check` sees of the processes of a real node: who is suspended, who stays in old code,
// who holds functions of it, and who stands where OTP's release handler does not look or would do
// harm. Beside the sample's own processes the releases here have those that reports tell of:
//
//   odd           a gen_server that is declared a supervisor
//   moody         a gen_server with `dynamic` modules
//   store         a gen_server of store_server; its specification names store
//   tills_sup     a supervisor that is declared a worker, with a till below it
//   raw           the top process of an application, and a gen_server
//
// None of them understands a question that is not meant for it: it would end.

#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "term/term.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A gen_server that takes `get` and nothing else.
std::string server(const std::string& module, const std::string& name, const std::string& state) {
  return "-module(" + module + R"().
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, code_change/3]).
start_link() -> gen_server:start_link({local, )" +
         name + R"(}, ?MODULE, [], []).
init([]) -> {ok, )" +
         state + R"(}.
handle_call(get, _From, State) -> {reply, State, State}.
handle_cast(stop, State) -> {stop, normal, State}.
code_change(_Vsn, _State, _Extra) -> {ok, )" +
         state + R"(}.
)";
}

std::string supervisor(const std::string& module, const std::string& children) {
  return "-module(" + module + R"().
-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
init([]) -> {ok, {#{intensity => 0}, [)" +
         children + "]}}.\n";
}

void add(const SourceVariant& sources, const std::string& file, const std::string& old_text,
         const std::string& new_text) {
  write_file(sources.directory() / "tally/1.0.0/src" / file, old_text);
  write_file(sources.directory() / "tally/1.1.0/src" / file, new_text);
}

// Puts more children below tally_sup, and more modules into the .app file.
void add_children(SourceVariant& sources, const std::string& children) {
  for (const char* version : {"1.0.0", "1.1.0"}) {
    sources.replace(version + std::string("/src/tally_sup.erl"),
                    "        child(tally_listener, worker)",
                    children + ",\n        child(tally_listener, worker)");
  }
}

class ForecastTest : public LiveTest {
 protected:
  nlohmann::json check(int exit_code = 0) {
    return nlohmann::json::parse(relup({"check", "1.1.0", "--format", "json"}, exit_code).output);
  }
  Term call(const char* module, const char* function, Term::Elements arguments) {
    return connect()->call(module, function, std::move(arguments), 20s);
  }
  // Where a registered process is, as text.
  std::string place(const char* name) {
    const Term pid = call("erlang", "whereis", {Term::atom(name)});
    return pid.as_atom() != nullptr ? "nowhere"
                                    : call("erlang", "pid_to_list", {pid}).text().value();
  }
};

class StrangeTreeTest : public ForecastTest {
 protected:
  StrangeTreeTest() {
    start(builds());
    const Term start = tagged("mod", tagged("raw", Term()));
    const Term keys = Term::list({start, tagged("vsn", Term::string("1"))});
    call("application", "load",
         {Term::tuple({Term::atom("application"), Term::atom("raw"), keys})});
    EXPECT_TRUE(call("application", "start", {Term::atom("raw")}).is_atom("ok"));
  }

  static BuildMachine& builds() {
    static SourceVariant sources(tools().testdata);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      for (const char* name : {"odd", "moody"})
        add(sources, std::string(name) + ".erl", server(name, name, "7"), server(name, name, "7"));
      add(sources, "till.erl", server("till", "till", "1"), server("till", "till", "2"));
      add(sources, "store_server.erl", server("store_server", "store", "1"),
          server("store_server", "store", "2"));
      const std::string store =
          "-module(store).\n-export([start_link/0]).\nstart_link() -> store_server:start_link().\n";
      add(sources, "store.erl", store, store);
      std::string raw =
          server("raw", "raw", "0") + "start(_, _) -> start_link().\nstop(_) -> ok.\n";
      raw.insert(raw.find("-export"), "-behaviour(application).\n-export([start/2, stop/1]).\n");
      add(sources, "raw.erl", raw, raw);
      const std::string tills =
          supervisor("tills_sup", "#{id => till, start => {till, start_link, []}}");
      add(sources, "tills_sup.erl", tills, tills);
      add_children(sources,
                   "        #{id => odd, start => {odd, start_link, []}, type => supervisor},\n"
                   "        #{id => moody, start => {moody, start_link, []}, modules => dynamic},\n"
                   "        #{id => store, start => {store, start_link, []}},\n"
                   "        #{id => tills_sup, start => {tills_sup, start_link, []}}");
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }

  std::vector<std::string> places() {
    std::vector<std::string> found;
    for (const char* name : {"odd", "moody", "store", "till", "tills_sup", "tally_sup", "raw"})
      found.push_back(place(name));
    return found;
  }
};

// The fall: what OTP's release handler does to find processes ends two of them.
TEST_F(StrangeTreeTest, TheWalkOfOtpEndsWhoeverDoesNotUnderstandIt) {
  const std::vector<std::string> before = places();
  try {
    call("release_handler_1", "get_supervised_procs", {});
  } catch (const node::NodeError&) {
    // It does not get to its end either.
  }
  std::this_thread::sleep_for(300ms);
  EXPECT_NE(places(), before);
}

TEST_F(StrangeTreeTest, ACheckNamesAllAndDisturbsNobody) {
  const std::vector<std::string> before = places();
  const RelupResult found = site_.relup({"check", "1.1.0"});
  EXPECT_EQ(places(), before);
  EXPECT_THAT(found.output, Not(HasSubstr("it would go through")));
  EXPECT_THAT(found.output,
              HasSubstr("the top process of application raw (raw) is not a supervisor"));
  EXPECT_THAT(found.output,
              HasSubstr("odd, below tally_sup, is declared a supervisor and is none"));
  EXPECT_THAT(found.output, HasSubstr("moody, below tally_sup, has `dynamic` modules"));
  EXPECT_THAT(
      found.output,
      HasSubstr("store is a process of store_server, but the child specification names store"));
  EXPECT_THAT(found.output,
              HasSubstr("till of till is below tills_sup, a supervisor that is declared a worker"));
  EXPECT_THAT(found.output, HasSubstr("suspends  till: 1 process (till, below tills_sup)\n"));
  EXPECT_THAT(found.output,
              HasSubstr("suspends  store_server: 1 process (store, below tally_sup)\n"));
}

class HoldersTest : public ForecastTest {
 protected:
  HoldersTest() { start(builds()); }

  static BuildMachine& builds() {
    static SourceVariant sources(tools().testdata);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      const std::string hooks = R"(-module(hooks).
-export([attach/0, loop/1, rest/1, EXPORTED/1]).
attach() ->
    Keeper = spawn(timer, sleep, [infinity]),
    ets:new(bus_handlers, [named_table, public, {heir, Keeper, none}]),
    ets:insert(bus_handlers, {count, fun(E) -> E + ADDEND end}),
    ets:insert(bus_handlers, {later, {hooks, went, [1]}}),
    persistent_term:put(hook, fun(X) -> X + ADDEND end),
    logger:add_primary_filter(shop, {fun(L, _) -> L end, ADDEND}).
loop(N) -> receive more -> loop(N + 1) end.
rest(N) -> receive stop -> N + ADDEND; more -> ?MODULE:rest(N + 1) end.
EXPORTED(N) -> N.
)";
      const auto version = [&](const std::string& exported, const std::string& addend) {
        std::string text = hooks;
        for (const auto& [from, to] :
             {std::pair("EXPORTED/1", exported + "/1"), {"EXPORTED(", exported + "("}}) {
          text.replace(text.find(from), std::string(from).size(), to);
        }
        for (std::size_t at = 0; (at = text.find("ADDEND")) != std::string::npos;)
          text.replace(at, 6, addend);
        return text;
      };
      add(sources, "hooks.erl", version("went", "1"), version("came", "2"));
      add(sources, "sleeper.erl", sleeper("1"), sleeper("2"));
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }

  // Two processes that hibernate with a fun, one of a behaviour and one of none, and a timer that
  // has one.
  static std::string sleeper(const std::string& addend) {
    return R"(-module(sleeper).
-behaviour(gen_server).
-export([start/0, start_plain/0, nap/1, start_timer/0, init/1, handle_call/3, handle_cast/2]).
start() ->
    {ok, Pid} = gen_server:start(?MODULE, [], []),
    pid_to_list(Pid).
start_plain() -> spawn(erlang, hibernate, [?MODULE, nap, [fun() -> )" +
           addend + R"( end]]).
nap(Fun) -> Fun().
start_timer() -> erlang:send_after(1000000, self(), {call, fun() -> )" +
           addend + R"( end}).
init([]) -> {ok, fun() -> )" +
           addend + R"( end, hibernate}.
handle_call(_, _, Fun) -> {reply, Fun(), Fun, hibernate}.
handle_cast(_, Fun) -> {noreply, Fun, hibernate}.
)";
  }
};

TEST_F(HoldersTest, WhoHibernatesIsToldAsUnreadAndIsAskedAtDepthOnly) {
  const auto node = connect();
  const std::string pid = node->call("sleeper", "start", {}, 9s).text().value();
  node->call("sleeper", "start_plain", {}, 9s);
  const auto hibernates = [&] {
    const Term process = node->call("erlang", "list_to_pid", {Term::string(pid)}, 9s);
    const Term info =
        node->call("erlang", "process_info", {process, Term::atom("current_function")}, 9s);
    return info.as_tuple()->at(1).as_tuple()->at(1).is_atom("hibernate");
  };
  while (!hibernates())
    std::this_thread::sleep_for(10ms);
  EXPECT_THAT(relup({"check", "1.1.0"}).output,
              AllOf(HasSubstr("the state of 2 processes that hibernate; `--deep` wakes those of "
                              "OTP's behaviours and asks them"),
                    Not(HasSubstr("it would go through\n")), Not(HasSubstr(pid))));
  EXPECT_THAT(relup({"check", "1.1.0", "--deep"}).output,
              AllOf(HasSubstr("funs of sleeper are kept in process " + pid + " (made by init/1)"),
                    HasSubstr("the state of 1 process that hibernates, for nobody to read")));
  while (!hibernates())
    std::this_thread::sleep_for(10ms);
}

TEST_F(HoldersTest, TimersThatMayHoldAFunAreToldAsUnread) {
  EXPECT_THAT(relup({"check", "1.1.0"}).output,
              HasSubstr("funs of changed modules in messages of timers that sleeper has started "
                        "(erlang:send_after/3 and the like), for nobody to read"));
}

TEST_F(HoldersTest, FunsAndNamesOfFunctionsThatGoAreTold) {
  call("hooks", "attach", {});
  std::this_thread::sleep_for(200ms);
  const std::string output = relup({"check", "1.1.0"}).output;
  EXPECT_THAT(output, HasSubstr("warning   funs of hooks are kept in"));
  EXPECT_THAT(output, AllOf(HasSubstr("logger {filter,shop}"), HasSubstr("persistent term hook"),
                            HasSubstr("table bus_handlers")));
  EXPECT_THAT(
      output,
      HasSubstr(
          "hooks:went/1, which the new code does not export, is named in table bus_handlers"));
  // The fall: what is told is true.
  relup({"upgrade", "1.1.0", "--no-commit"});
  const auto node = connect();
  const Term hook = node->call("persistent_term", "get", {Term::atom("hook")}, 5s);
  try {
    node->call("erlang", "apply", {hook, Term::list({Term(std::int64_t{1})})}, 5s);
    ADD_FAILURE() << "the fun works";
  } catch (const node::NodeError& error) {
    EXPECT_THAT(error.message(), HasSubstr("badfun"));
  }
}

TEST_F(HoldersTest, WhoNeverLeavesOldCodeIsToldAndWhoDoesIsNot) {
  const auto node = connect();
  const auto start = [&](const char* function) {
    const Term pid = node->call(
        "erlang", "spawn",
        {Term::atom("hooks"), Term::atom(function), Term::list({Term(std::int64_t{0})})}, 5s);
    return node->call("erlang", "pid_to_list", {pid}, 5s).text().value();
  };
  const std::string captive = start("loop");
  const std::string parked = start("rest");
  const nlohmann::json found = check();
  std::map<std::string, std::string> classes;
  for (const auto& each : found.at("forecast").at("staying")) {
    for (const auto& process : each.at("first"))
      classes[process.at("pid").get<std::string>()] = each.at("class").get<std::string>();
  }
  EXPECT_EQ(classes[captive], "captive") << found.dump(1);
  EXPECT_EQ(classes[parked], "parked") << found.dump(1);
  EXPECT_THAT(found.at("warnings").dump(), HasSubstr("hooks:loop/1"));
  EXPECT_NE(found.at("verdict"), "it would go through");
  relup({"upgrade", "1.1.0", "--no-commit"});
  EXPECT_THAT(status().at("old_code").dump(), AllOf(HasSubstr(captive), HasSubstr(parked)));
}

class PlainForecastTest : public ForecastTest {
 protected:
  PlainForecastTest() { start(standard_builds()); }
};

TEST_F(PlainForecastTest, OfAQuietNodeItSaysWhoIsSuspendedAndWhatLeaves) {
  const std::string output = relup({"check", "1.1.0"}).output;
  EXPECT_THAT(output,
              HasSubstr("suspends  tally_counter: 1 process (tally_counter, below tally_sup)\n"));
  EXPECT_THAT(output, HasSubstr("removes   tally_legacy\n"));
  // No client is connected, so nobody of it is suspended.
  EXPECT_THAT(output, Not(HasSubstr("suspends  tally_connection")));
  EXPECT_THAT(output, HasSubstr("it would go through\n"));
}

TEST_F(PlainForecastTest, ASuspendedSupervisorIsNamed) {
  call("sys", "suspend", {Term::atom("tally_sup")});
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr("its children are: tally_sup"));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 1).errors, HasSubstr("tally_sup"));
  call("sys", "resume", {Term::atom("tally_sup")});
  relup({"upgrade", "1.1.0"});
}

TEST_F(PlainForecastTest, AStickyFolderIsToldBeforeTheInstallFailsAtIt) {
  const Term file = call("code", "which", {Term::atom("tally_counter")});
  const std::string folder = std::filesystem::path(file.text().value()).parent_path();
  call("code", "stick_dir", {Term::string(folder)});
  call("code", "load_file", {Term::atom("tally_counter")});
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr("its folder is sticky"));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 1).errors, HasSubstr("its folder is sticky"));
  expect_running("1.0.0", "1.0.0");
}

// Modules that somebody has replaced by hand do not count against an upgrade that leaves them
// alone.
TEST_F(PlainForecastTest, AModuleReplacedByHandThatStaysIsANoteAndStays) {
  const std::filesystem::path folder = site_.directory() / "patch";
  const std::filesystem::path source = folder / "tally_connection_sup.erl";
  const std::string text = read_file(std::filesystem::path(RELUP_TESTDATA) / "tally/1.0.0/src" /
                                     "tally_connection_sup.erl");
  const std::size_t exports = text.find("-export");
  write_file(source, text.substr(0, exports) + "-export([patched/0]).\n" + text.substr(exports) +
                         "\npatched() -> yes.\n");
  ChildProcess compiler(Command{{"erlc", "-o", folder, source}, {}, {}, folder / "log"});
  ASSERT_EQ(compiler.wait(30s), 0) << tail(folder / "log");
  const std::string file = folder / "tally_connection_sup";
  call("code", "purge", {Term::atom("tally_connection_sup")});
  call("code", "load_abs", {Term::string(file)});

  EXPECT_THAT(relup({"check", "1.1.0"}).output,
              HasSubstr("not the code of 1.0.0: tally_connection_sup"));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}).errors, HasSubstr("left as it is: tally_connection_sup"));
  EXPECT_TRUE(call("tally_connection_sup", "patched", {}).is_atom("yes"));
  relup({"downgrade", "1.0.0"});
  EXPECT_TRUE(call("tally_connection_sup", "patched", {}).is_atom("yes"));
  expect_running("1.0.0", "1.0.0");
}

TEST_F(PlainForecastTest, ConnectedNodesAndWhatTheyRunAreTold) {
  NodeOptions options = site_.node().options();
  std::filesystem::copy(site_.root(), site_.directory() / "other",
                        std::filesystem::copy_options::recursive);
  options.root = site_.directory() / "other";
  options.name = "other@127.0.0.1";
  ReleaseNode other(options);
  other.start();
  call("net_kernel", "connect_node", {Term::atom("other@127.0.0.1")});
  EXPECT_THAT(relup({"check", "1.1.0"}).output,
              HasSubstr("connected other@127.0.0.1 runs tally 1.0.0"));
}

class SlowStartTest : public ForecastTest {
 protected:
  static BuildMachine& builds() {
    static SourceVariant sources(tools().testdata);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      const std::string slow = R"(-module(slow).
-export([start_link/0]).
start_link() ->
    receive go_on -> ok end,
    {ok, spawn_link(fun() -> receive stop -> ok end end)}.
)";
      add(sources, "slow.erl", slow, slow);
      for (const char* version : {"1.0.0", "1.1.0"}) {
        sources.replace(version + std::string("/src/tally_sup.erl"),
                        "        child(tally_listener, worker)",
                        "        child(tally_listener, worker), child(slow, worker)");
      }
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }
};

// Clients are served already, and tally_sup waits for its last child.
TEST_F(SlowStartTest, AnApplicationThatIsStillStartingIsRefusedAndNamed) {
  start(builds());
  EXPECT_THAT(relup({"check", "1.1.0"}, 1).output, HasSubstr("tally is still starting"));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 1).errors, HasSubstr("tally is still starting"));
  expect_running("1.0.0", "1.0.0");
  call("erlang", "send", {Term::atom("tally_sup"), Term::atom("go_on")});
  std::this_thread::sleep_for(200ms);
  relup({"upgrade", "1.1.0"});
}

}  // namespace
}  // namespace relup::live_tests
