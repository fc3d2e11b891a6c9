// SPDX-License-Identifier: Apache-2.0
//
// The ends of an upgrade of a real node: not committed since that would kill, killed because they
// were named, interrupted at each step, gone back since nobody confirmed it or a probe did not
// hold. Clients that wait for an answer stay in old code of tally_connection, and processes that
// park stay in old code of tally_format; the appup says brutal_purge for both, before the load and
// after it.

#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include "live/support/waiting_clients.hpp"
#include "live_test.hpp"
#include "term/term.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
// Functions for processes that stay where they are, and for probes.
constexpr auto exports = "-export([version/0, hit/2, state/1, failure/1]).";
constexpr auto more_exports =
    R"(-export([version/0, hit/2, state/1, failure/1, park/0, healthy/0, ill/0, stuck/0]).

park() ->
    receive go -> ok end,
    parked.

healthy() -> true.

ill() -> {error, my_secret}.

stuck() -> receive never -> ok end.
)";

class EndingTest : public LiveTest {
 protected:
  EndingTest() { start(brutal_builds()); }

  static BuildMachine& brutal_builds() {
    static SourceVariant sources(tools().testdata);
    static BuildMachine builds(sources.with(tools()));
    static const bool once = [] {
      withhold_answers(sources);
      sources.replace("1.0.0/src/tally_format.erl", exports, more_exports);
      make_brutal_tarball(sources, builds);
      return true;
    }();
    (void)once;
    return builds;
  }

  Clients waiting_clients() { return live_tests::waiting_clients(site_.node().port()); }
  static std::size_t answered(const Clients& clients) {
    return live_tests::answered(clients, {"tally 1.0.0", "tally 1.1.0"});
  }

  std::size_t answered_after_release(const Clients& clients) {
    ask("hit release");
    return answered(clients);
  }

  Term call(const char* module, const char* function, Term::Elements arguments) {
    return connect()->call(module, function, std::move(arguments), 60s);
  }
  void handle(const char* function, const char* argument) {
    const Term answer = call("release_handler", function, {Term::string(argument)});
    EXPECT_FALSE(answer.is_tagged("error", 2)) << function;
  }

  // A process that stays in tally_format.
  Term park() {
    return call("erlang", "spawn", {Term::atom("tally_format"), Term::atom("park"), Term()});
  }
  bool is_alive(const Term& process) {
    return call("erlang", "is_process_alive", {process}).is_atom("true");
  }

  // As somebody leaves it who loads a module by hand: the same code anew, and the old one beside
  // it.
  void load_again(const char* module) {
    EXPECT_TRUE(call("code", "load_file", {Term::atom(module)}).is_tagged("module", 2));
  }

  nlohmann::json document(const std::vector<std::string>& arguments, int exit_code) {
    std::vector<std::string> words = arguments;
    words.insert(words.end(), {"--format", "json"});
    const RelupResult result = relup(words, exit_code);
    const auto parsed = nlohmann::json::parse(result.output);
    EXPECT_EQ(parsed.at("exit").at("code"), exit_code) << parsed;
    EXPECT_EQ(parsed.at("node_restarted"), false) << parsed;
    return parsed;
  }

  void expect_state(const std::string& running, const std::string& boots) {
    const auto now = status();
    EXPECT_EQ(now.at("running"), running) << now;
    EXPECT_EQ(now.at("boots"), boots) << now;
    EXPECT_EQ(ask("version"), "tally " + running);
  }
};

TEST_F(EndingTest, WhoDoesNotLeaveOldCodeInTimeKeepsTheReleaseUncommitted) {
  const Clients clients = waiting_clients();
  const auto begin = std::chrono::steady_clock::now();
  const auto refused = document({"upgrade", "1.1.0", "--drain-timeout", "1s"}, 7);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 25s);
  EXPECT_EQ(refused.at("committed"), false);
  EXPECT_EQ(refused.at("from"), "1.0.0");
  EXPECT_THAT(refused.at("error").at("message").get<std::string>(),
              HasSubstr("50 in tally_connection: <"));
  EXPECT_THAT(refused.at("next"), testing::Contains("relup commit"));
  expect_state("1.1.0", "1.0.0");
  EXPECT_EQ(document({"commit", "--drain-timeout", "0"}, 7).at("committed"), false);

  EXPECT_EQ(answered_after_release(clients), client_count);
  EXPECT_EQ(document({"commit"}, 0).at("committed"), true);
  expect_state("1.1.0", "1.1.0");
}

TEST_F(EndingTest, KillsWhoseModuleIsNamedAndNobodyElse) {
  const Clients clients = waiting_clients();
  const Term parked = park();
  relup({"upgrade", "1.1.0", "--kill", "tally_format", "--drain-timeout", "1s"}, 7);
  EXPECT_TRUE(is_alive(parked)) << "killed for a commit that did not come";
  EXPECT_EQ(answered_after_release(clients), client_count);

  const RelupResult told =
      relup({"commit", "--kill", "tally_format", "--drain-timeout", "1s", "--format", "json"});
  const auto done = nlohmann::json::parse(told.output);
  ASSERT_EQ(done.at("killed").size(), 1U) << done;
  EXPECT_EQ(done.at("killed")[0].at("module"), "tally_format");
  EXPECT_EQ(done.at("killed")[0].at("processes").size(), 1U);
  EXPECT_THAT(told.errors, HasSubstr("kills 1 in tally_format: <"));
  EXPECT_FALSE(is_alive(parked));
  EXPECT_EQ(clients.front()->ask("version"), "tally 1.1.0");
  expect_state("1.1.0", "1.1.0");
}

// Whoever is in old code before the upgrade, which the load of a module purges. First OTP's way.
TEST_F(EndingTest, WithoutRelupTheLoadKillsWhoeverIsInOldCode) {
  const Clients clients = waiting_clients();
  load_again("tally_connection");
  handle("unpack_release", "tally-1.1.0");
  handle("install_release", "1.1.0");
  EXPECT_EQ(answered_after_release(clients), 0U);
}

TEST_F(EndingTest, RelupDoesNotInstallOverWhoeverIsInOldCode) {
  const Clients clients = waiting_clients();
  load_again("tally_connection");
  const RelupResult check = relup({"check", "1.1.0"}, 1);
  EXPECT_THAT(check.output, HasSubstr("would kill processes"));
  const auto refused = document({"upgrade", "1.1.0"}, 1);
  const std::string message = refused.at("error").at("message");
  EXPECT_THAT(message, HasSubstr("would kill processes"));
  EXPECT_THAT(message, HasSubstr("50 in tally_connection: <"));
  EXPECT_THAT(refused.at("error").at("hint").get<std::string>(),
              HasSubstr("--kill tally_connection"));
  expect_state("1.0.0", "1.0.0");
  EXPECT_EQ(answered_after_release(clients), client_count);
  relup({"upgrade", "1.1.0"});
}

TEST_F(EndingTest, RelupInstallsOverThemWhenTheyAreNamed) {
  const Clients clients = waiting_clients();
  load_again("tally_connection");
  const auto done = document({"upgrade", "1.1.0", "--kill", "tally_connection"}, 0);
  EXPECT_EQ(done.at("killed")[0].at("processes").size(), client_count) << done;
  expect_state("1.1.0", "1.1.0");
}

TEST_F(EndingTest, WithoutRelupARollbackKillsWhoeverIsInOldCode) {
  const Clients clients = waiting_clients();
  relup({"upgrade", "1.1.0", "--no-commit"});
  handle("install_release", "1.0.0");
  EXPECT_EQ(answered_after_release(clients), 0U);
}

TEST_F(EndingTest, RelupDoesNotRollBackOverThem) {
  const Clients clients = waiting_clients();
  relup({"upgrade", "1.1.0", "--no-commit"});
  const auto refused = document({"rollback"}, 1);
  EXPECT_THAT(refused.at("error").at("message").get<std::string>(),
              HasSubstr("50 in tally_connection: <"));
  expect_state("1.1.0", "1.0.0");
  EXPECT_EQ(answered_after_release(clients), client_count);
  document({"rollback"}, 0);
  expect_state("1.0.0", "1.0.0");
}

TEST_F(EndingTest, TheNodeGoesBackWhenNobodyConfirms) {
  const RelupResult result = relup({"upgrade", "1.1.0", "--confirm-within", "6s"});
  EXPECT_THAT(result.output, HasSubstr("goes back to 1.0.0"));
  expect_state("1.1.0", "1.0.0");
  const auto waiting = status().at("confirmation");
  EXPECT_EQ(waiting.at("goes_back_to"), "1.0.0");
  EXPECT_LE(waiting.at("milliseconds_left"), 6'000);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (ask("version") != "tally 1.0.0" && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(100ms);
  EXPECT_EQ(ask("version"), "tally 1.0.0");
  std::this_thread::sleep_for(3s);
  expect_state("1.0.0", "1.0.0");
  EXPECT_TRUE(status().at("confirmation").is_null());
  relup({"upgrade", "1.1.0"});
}

TEST_F(EndingTest, TheNodeDoesNotGoBackFromWhatIsConfirmed) {
  relup({"upgrade", "1.1.0", "--confirm-within", "6s"});
  relup({"commit"});
  std::this_thread::sleep_for(8s);
  expect_state("1.1.0", "1.1.0");
  EXPECT_TRUE(status().at("confirmation").is_null());
}

TEST_F(EndingTest, TheNodeGoesBackOverNobody) {
  const Clients clients = waiting_clients();
  relup({"upgrade", "1.1.0", "--confirm-within", "1s"});
  std::this_thread::sleep_for(4s);
  expect_state("1.1.0", "1.0.0");
  EXPECT_EQ(answered_after_release(clients), client_count);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (ask("version") != "tally 1.0.0" && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(100ms);
  EXPECT_EQ(ask("version"), "tally 1.0.0");
}

TEST_F(EndingTest, AProbeThatDoesNotHoldTakesItBack) {
  const struct {
    std::vector<std::string> options;
    const char* reason;
  } probes[] = {
      {{"--probe", "test $RELUP_VERSION = 1.0.0"}, "it ended with 1"},
      {{"--probe-mfa", "tally_format:ill/0"}, "it returned {error,...}"},
      {{"--probe-mfa", "tally_format:nobody/0"}, "no such function"},
      {{"--probe-mfa", "tally_format:stuck/0"}, "no answer within 10 s"},
  };
  for (const auto& probe : probes) {
    std::vector<std::string> words{"upgrade", "1.1.0"};
    words.insert(words.end(), probe.options.begin(), probe.options.end());
    const auto failed = document(words, 4);
    EXPECT_THAT(failed.at("error").at("because")[0].get<std::string>(), HasSubstr(probe.reason));
    EXPECT_THAT(failed.dump(), testing::Not(HasSubstr("my_secret")));
    expect_state("1.0.0", "1.0.0");
  }
  relup({"upgrade", "1.1.0", "--probe", "test $RELUP_NODE = tally@127.0.0.1", "--probe-mfa",
         "tally_format:healthy/0"});
  expect_state("1.1.0", "1.1.0");
}

TEST_F(EndingTest, AWrongProbeIsAWrongCall) {
  for (const char* wrong : {"tally_format:state/1", "tally_format", "tally_format:healthy"}) {
    EXPECT_THAT(relup({"upgrade", "1.1.0", "--probe-mfa", wrong}, 2).errors,
                HasSubstr("--probe-mfa"));
  }
  EXPECT_THAT(relup({"upgrade", "1.1.0", "--drain-timeout", "soon"}, 2).errors, HasSubstr("soon"));
  expect_state("1.0.0", "1.0.0");
}

// What a terminal of so many columns gets of an upgrade that waits for old code, line by line as it
// is overwritten.
std::vector<std::string> lines_on_terminal(Site& site, int columns) {
  const auto log = site.directory() / "terminal";
  const std::string command = "stty cols " + std::to_string(columns) + "; exec ";
  site.relup_under(
      {"sh", "-c", "LOG=$1; shift; CALL=\"" + command + "$*\"; exec script -qec \"$CALL\" $LOG",
       "sh", log.string()},
      {"upgrade", "1.1.0", "--drain-timeout", "1s"});
  std::vector<std::string> lines(1);
  for (const char letter : read_file(log)) {
    if (letter == '\r' || letter == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += letter;
    }
  }
  return lines;
}

struct Terminal {
  int columns;
  const char* line;  // how it begins; the time comes after that
  const char* told;
};

class TerminalTest : public EndingTest, public testing::WithParamInterface<Terminal> {};

TEST_P(TerminalTest, TheLineTellsWhoIsWaitedFor) {
  const Clients clients = waiting_clients();
  std::size_t found = 0;
  for (const std::string& line : lines_on_terminal(site_, GetParam().columns)) {
    if (!line.starts_with(GetParam().line) || line.find(GetParam().told) == std::string::npos)
      continue;
    ++found;
    EXPECT_LT(line.size() - 3, static_cast<std::size_t>(GetParam().columns)) << line;
  }
  EXPECT_GE(found, 2U);
  EXPECT_EQ(answered_after_release(clients), client_count);
}

INSTANTIATE_TEST_SUITE_P(Columns, TerminalTest,
                         testing::Values(Terminal{40, "\033[K  ... drain ", " 50 in tally_con"},
                                         Terminal{80, "\033[K  ... drain    ",
                                                  " 50 in tally_connection: <"}),
                         [](const auto& test) { return std::to_string(test.param.columns); });

// Whatever ends relup, at each step: the old release or the new one, and the exit status says
// which.
class InterruptedTest : public EndingTest {
 protected:
  // Sends `signal` when step `name` begins; the exit code.
  int interrupt_at(const std::string& name, int signal) {
    const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
    const std::string begin = R"("step":")" + name + R"(","state":"begun")";
    while (run->running() && run->errors_so_far().find(begin) == std::string::npos)
      std::this_thread::sleep_for(1ms);
    send_signal(run->pid(), signal);
    return run->finish().exit_code;
  }

  // With the reader of its output gone after `delay`; what was read is in the file "read".
  int lose_reader_after(const std::string& delay) {
    const auto code = site_.directory() / "code";
    const auto read = site_.directory() / "read";
    site_.relup_under({"sh", "-c",
                       R"({ "$@"; echo $? > )" + code.string() + "; } 2>&1 | timeout " + delay +
                           " cat > " + read.string(),
                       "sh"},
                      {"upgrade", "1.1.0"});
    int number = -1;
    std::ifstream(code) >> number;
    return number;
  }

  // The work that a killed relup has left on the node goes on.
  nlohmann::json settled_status() {
    for (int attempt = 0; attempt < 100; ++attempt) {
      auto now = status();
      const bool is_committed = now.at("running") == now.at("boots");
      if (now.at("job").is_null() && now.at("uncommitted") != is_committed) return now;
      std::this_thread::sleep_for(100ms);
    }
    throw std::runtime_error("the install does not end");
  }

  void expect_end(int code, const nlohmann::json& now) {
    const std::string running = now.at("running");
    const std::string boots = now.at("boots");
    switch (code) {
      case 0:
        EXPECT_EQ(running + boots, "1.1.01.1.0");
        break;
      case 7:
        EXPECT_EQ(running + boots, "1.1.01.0.0");
        break;
      case 128 + SIGKILL:
        break;
      case 128 + SIGHUP:
      case 128 + SIGINT:
      case 128 + SIGPIPE:
      case 128 + SIGTERM:
        EXPECT_EQ(running + boots, "1.0.01.0.0");
        break;
      default:
        ADD_FAILURE() << "ended with " << code;
    }
    EXPECT_EQ(now.at("uncommitted"), running != boots);
    EXPECT_EQ(ask("version"), "tally " + running);
  }

  void go_back(const nlohmann::json& now) {
    if (now.at("uncommitted") == true) relup({"rollback"});
    if (now.at("boots") == "1.1.0") relup({"downgrade", "1.0.0"});
    const auto left = status();
    for (const auto& release : left.at("releases")) {
      if (release.at("version") == "1.1.0") relup({"remove", "1.1.0"});
    }
  }

  std::map<int, int> ends_;  // how often, by exit code
};

TEST_F(InterruptedTest, BySignalsAtEachStep) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGKILL}) {
    for (const char* step :
         {"connect", "verify", "stage", "check", "install", "prove", "drain", "commit"}) {
      SCOPED_TRACE(std::string(step) + " " + std::to_string(signal));
      const int code = interrupt_at(step, signal);
      ++ends_[code];
      const auto now = settled_status();
      expect_end(code, now);
      go_back(now);
    }
  }
  EXPECT_GE(ends_[128 + SIGTERM], 2);
  EXPECT_GE(ends_[7], 3);
  std::cout << nlohmann::json(ends_) << "\n";
}

TEST_F(InterruptedTest, ByAReaderThatGoes) {
  for (const char* delay : {"0.01", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8"}) {
    SCOPED_TRACE(delay);
    const int code = lose_reader_after(delay);
    SCOPED_TRACE(testing::Message() << std::ifstream(site_.directory() / "read").rdbuf());
    ++ends_[code];
    const auto now = settled_status();
    expect_end(code, now);
    go_back(now);
  }
  EXPECT_GE(ends_[128 + SIGPIPE], 1);
}

TEST_F(InterruptedTest, WhatIsDoneAndCannotBePrintedIsDone) {
  const std::vector<std::string> full{"sh", "-c", R"("$@" > /dev/full)", "sh"};
  const auto installed = site_.relup_under(full, {"upgrade", "1.1.0", "--no-commit"});
  EXPECT_EQ(installed.exit_code, 0);
  EXPECT_THAT(installed.errors, HasSubstr("the results could not be written to the output"));
  EXPECT_EQ(site_.relup_under(full, {"commit", "--format", "json"}).exit_code, 0);
  EXPECT_EQ(status().at("boots"), "1.1.0");
}

TEST_F(InterruptedTest, WhileItWaitsForOldCode) {
  const Clients clients = waiting_clients();
  const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
  while (run->running() &&
         run->errors_so_far().find(R"("step":"drain","state":"under_way")") == std::string::npos)
    std::this_thread::sleep_for(5ms);
  EXPECT_THAT(run->errors_so_far(), HasSubstr("50 in tally_connection: <"));
  send_signal(run->pid(), SIGINT);
  send_signal(run->pid(), SIGINT);
  const RelupResult result = run->finish(5s);
  EXPECT_EQ(result.exit_code, 7) << result;
  EXPECT_THAT(result.errors, HasSubstr("is installed and runs, but is not committed"));
  EXPECT_THAT(result.errors, HasSubstr("SIGINT"));
  expect_state("1.1.0", "1.0.0");
  EXPECT_EQ(answered_after_release(clients), client_count);
}

}  // namespace
}  // namespace relup::live_tests
