// SPDX-License-Identifier: Apache-2.0
//
// The demo: a server is upgraded and downgraded by the real relup while clients talk to it. It says
// what happens as it happens, and fails when a single client was disturbed. Ctrl-C ends it, and
// leaves nothing behind.

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "demo_account.hpp"
#include "live/support/loopback.hpp"
#include "live/support/site.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t client_count = 50;
constexpr auto rest = 1s;  // between the changes, for comparison

class Demo {
 public:
  explicit Demo(Account& account) : account_(account) {}

  // Whether all went as it should.
  bool run();

 private:
  void prepare();
  void start();
  void change(const std::string& verb, const std::string& version);
  void show_steps(const RelupResult& result);
  void show_server(const std::string& version);
  void pause(const std::string& name);
  void end_phase(const std::string& name) { phases_.emplace_back(name, load_->end_phase()); }
  bool judge();

  Account& account_;
  Tools tools_{.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM};
  BuildMachine builds_{tools_};
  Site site_{tools_};
  std::unique_ptr<LoadGenerator> load_;
  std::vector<std::pair<std::string, LoadReport>> phases_;
};

template <typename Action>
Milliseconds timed(Action action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin);
}

std::string size_text(const fs::path& file) {
  const auto tenths = fs::file_size(file) * 10 / (1U << 20U);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

void Demo::prepare() {
  account_.step("build", "tally 1.0.0 and 1.1.0, from source", timed([this] { builds_.build(); }));
  const RelupResult generated = builds_.generate();
  must_succeed(generated);
  account_.step("generate", "relup generate --from old --to new", generated.took);
  const RelupResult packed = builds_.pack();
  must_succeed(packed);
  const std::string size = size_text(builds_.tarball());
  account_.step("pack", "relup pack new -o tally-1.1.0.tar.gz (" + size + ")", packed.took);
}

void Demo::start() {
  account_.step("start", "a node with tally 1.0.0, and its clients", timed([this] {
                  site_.deploy(builds_);
                  site_.node().start();
                  load_ = std::make_unique<LoadGenerator>(
                      LoadOptions{.port = site_.node().port(), .clients = client_count});
                  load_->start();
                }));
}

void Demo::pause(const std::string& name) {
  std::this_thread::sleep_for(rest);
  end_phase(name);
}

// What the server says of itself, on a connection of its own.
void Demo::show_server(const std::string& version) {
  const std::string answer = ask(site_.node().port(), "version");
  account_.fact("server", answer);
  account_.fact("", ask(site_.node().port(), "state"));
  if (answer != "tally " + version) throw std::runtime_error("the server is not tally " + version);
}

// From the events that relup prints, one line of JSON each. What a step says at its end counts more
// than what it said when it began.
void Demo::show_steps(const RelupResult& result) {
  std::istringstream lines(result.errors);
  std::string begun;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (!event.is_object()) continue;
    const std::string detail = event.value("detail", "");
    if (event.value("state", "") == "begun") begun = detail;
    if (event.value("state", "") != "done") continue;
    account_.step(event.value("step", ""), detail.empty() ? begun : detail,
                  Milliseconds(event.value("milliseconds", 0)));
  }
}

void Demo::change(const std::string& verb, const std::string& version) {
  account_.heading("relup " + verb + " " + version);
  const RelupResult result = site_.relup({verb, version, "--progress", "json"});
  must_succeed(result);
  show_steps(result);
  account_.step("", "all of it", result.took);
  end_phase("relup " + verb + " " + version);
  show_server(version);
}

bool Demo::judge() {
  const LoadReport total = load_->stop();
  phases_.emplace_back("all of it", total);
  account_.table(phases_);
  if (total.lost_connections == 0 && total.wrong_answers == 0 && total.answered > 0) {
    account_.good_end("0 connections lost, and all " + grouped(total.answered) +
                      " answers were right.");
    return true;
  }
  account_.bad_end("Clients were disturbed:");
  for (const std::string& failure : total.failures)
    account_.fact("", failure);
  return false;
}

bool Demo::run() {
  account_.title("relup changes the release of a running server, under the eyes of its clients");
  account_.paragraph("tally counts hits by name. " + std::to_string(client_count) +
                     " clients each hit a name of their own every 10 ms and expect the next "
                     "number, so a lost connection, a lost hit or a hit counted twice would show.");
  prepare();
  start();
  pause("1.0.0 at rest");
  show_server("1.0.0");
  change("upgrade", "1.1.0");
  pause("1.1.0 at rest");
  change("downgrade", "1.0.0");
  pause("1.0.0 at rest");
  return judge();
}

int run_demo() {
  Account account;
  try {
    return Demo(account).run() ? 0 : 1;
  } catch (const std::exception& failure) {
    account.bad_end("The demo failed:");
    std::cerr << failure.what() << "\n";
    return 1;
  }
}

sigset_t watched_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD})
    ::sigaddset(&signals, number);
  return signals;
}

// Those who die with the demo may still write for a moment.
void remove_for_sure(const fs::path& directory) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::error_code failure;
    fs::remove_all(directory, failure);
    if (!failure) return;
    std::this_thread::sleep_for(20ms);
  }
}

// The demo runs in a process of its own and keeps all files below one directory, so that its parent
// can clean up behind it however it ends. What it has started dies with it.
int run_watched() {
  const support::TemporaryDirectory directory("relup-demo");
  ::setenv("TMPDIR", directory.path().c_str(), 1);
  const sigset_t signals = watched_signals();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  const pid_t parent = ::getpid();
  const pid_t demo = ::fork();
  if (demo < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (demo == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::exit(::getppid() == parent ? run_demo() : 1);
  }
  int signal = 0;
  ::sigwait(&signals, &signal);
  if (signal != SIGCHLD) ::kill(demo, SIGKILL);
  int status = 0;
  ::waitpid(demo, &status, 0);
  remove_for_sure(directory.path());
  if (signal != SIGCHLD) return 128 + signal;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace
}  // namespace relup::live_tests

int main() {
  return relup::live_tests::run_watched();
}
