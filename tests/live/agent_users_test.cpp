// SPDX-License-Identifier: Apache-2.0
//
// Several relups at one node: the agent stays as long as one of them uses it, and goes when the
// last one has gone, however that one went.

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "host/relup_file.hpp"
#include "live/agent_verbs.hpp"
#include "live/support/child_process.hpp"
#include "live_test.hpp"
#include "node/agent.hpp"
#include "node/agent_module.hpp"
#include "support/compiled_modules.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::IsEmpty;

class AgentUsersTest : public LiveTest {
 protected:
  AgentUsersTest() {
    start(standard_builds());
    watcher_ = connect();
  }

  // The modules of any version of the agent that the node has, with old code or new.
  std::vector<std::string> agent_on_node() {
    std::vector<std::string> found;
    const Term loaded = watcher_->call("erlang", "loaded", {}, 5s);
    for (const Term& module : *loaded.as_list()) {
      const std::string& name = module.as_atom()->name();
      if (name.starts_with("relup_agent")) found.push_back(name);
    }
    return found;
  }
  void expect_agent_goes() {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    std::vector<std::string> there = agent_on_node();
    while (!there.empty() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(20ms);
      there = agent_on_node();
    }
    EXPECT_THAT(there, IsEmpty());
  }
  static bool answers(node::Agent& agent) {
    try {
      return agent.ask(Term::atom("applications"), 5s).is_proper_list();
    } catch (const Error&) {
      return false;
    }
  }
  // As the relup of another version that has gone.
  void take_away() {
    for (const node::AgentModule& module : node::agent_modules())
      watcher_->call("code", "delete", {Term::atom(module.name)}, 5s);
  }

  std::unique_ptr<node::NodeChannel> watcher_;
};

TEST_F(AgentUsersTest, ItGoesWithTheLastOne) {
  const auto first_line = connect();
  node::Agent first(*first_line);
  {
    const auto second_line = connect();
    node::Agent second(*second_line);
    EXPECT_TRUE(answers(second));
  }
  relup({"status"});
  std::this_thread::sleep_for(1500ms);
  EXPECT_TRUE(answers(first));
}

TEST_F(AgentUsersTest, NothingStaysOnTheNode) {
  relup({"status"});
  expect_agent_goes();
  relup({"upgrade", "1.1.0"});
  expect_agent_goes();
}

// The fall: what does not count takes it away under whoever uses it. Whoever comes next has it.
TEST_F(AgentUsersTest, TakenAwayUnderAUserItFails) {
  const auto line = connect();
  node::Agent agent(*line);
  take_away();
  EXPECT_FALSE(answers(agent));
  relup({"status"});
  expect_running("1.0.0", "1.0.0");
}

TEST_F(AgentUsersTest, ItGoesWhenRelupIsKilled) {
  for (const auto pause : {15ms, 30ms, 60ms, 120ms}) {
    const auto run = site_.start_relup({"check", "1.1.0"});
    std::this_thread::sleep_for(pause);
    ::kill(run->pid(), SIGKILL);
    run->finish();
    expect_agent_goes();
  }
  // What the last ones had still asked for when they were killed has come by now.
  std::this_thread::sleep_for(1500ms);
  expect_agent_goes();
}

// The job goes on; its outcome is heard by the next one, and then the agent goes.
TEST_F(AgentUsersTest, ItStaysForAnOutcomeThatNobodyHasHeard) {
  const auto run = site_.start_relup({"upgrade", "1.1.0", "--progress", "json"});
  while (run->running() && run->errors_so_far().find(R"("step":"install")") == std::string::npos)
    std::this_thread::sleep_for(1ms);
  ::kill(run->pid(), SIGKILL);
  run->finish();
  while (status().at("job") != nullptr)
    std::this_thread::sleep_for(50ms);
  const nlohmann::json now = status();
  if (now.at("running") == "1.1.0" && now.at("uncommitted") == true) relup({"commit"});
  expect_agent_goes();
}

TEST_F(AgentUsersTest, AnotherVersionOfItIsLeftAlone) {
  const std::string other = "relup_agent_00000000";
  const std::string beam =
      support::compile_modules({{"1/" + other, "-module(" + other + ").\n"}}).at("1/" + other);
  watcher_->call("code", "load_binary",
                 {Term::atom(other), Term::string("other"), Term::binary(beam)}, 5s);
  relup({"status"});
  std::this_thread::sleep_for(1500ms);
  EXPECT_THAT(agent_on_node(), testing::ElementsAre(other));
}

// Loops of looks, for as long as the object lives. None may fail, but for a check that finds
// another relup at work.
class Company {
 public:
  Company(Site& site, const std::vector<std::vector<std::string>>& looks) {
    for (const auto& look : looks)
      threads_.emplace_back([this, &site, look] { go_on(site, look); });
  }
  ~Company() { end(); }
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;
  void end() {
    is_over_ = true;
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  int looks() const { return looks_; }

 private:
  void go_on(Site& site, const std::vector<std::string>& look) {
    while (!is_over_) {
      const RelupResult result = site.relup(look);
      ++looks_;
      if (look.front() == "status") {
        EXPECT_EQ(result.exit_code, 0) << result;
      } else {
        EXPECT_THAT(result.exit_code, AnyOf(0, 1, 75)) << result;
      }
    }
  }

  std::atomic<bool> is_over_ = false;
  std::atomic<int> looks_ = 0;
  std::vector<std::thread> threads_;
};

int rounds() {
  const char* wanted = std::getenv("RELUP_TEST_ROUNDS");
  return wanted == nullptr ? 2 : std::atoi(wanted);
}

TEST_F(AgentUsersTest, LookingOnDisturbsNobody) {
  Company company(site_, {{"status"}, {"status", "--format", "json"}, {"check", "1.1.0"}});
  for (int round = 0; round < rounds(); ++round) {
    relup({"upgrade", "1.1.0"});
    relup({"downgrade", "1.0.0"});
  }
  company.end();
  std::cout << 2 * rounds() << " changes beside " << company.looks() << " looks\n";
  expect_running("1.0.0", "1.0.0");
  expect_agent_goes();
}

// The release handler's check runs what stands before the point of no return, and during an install
// that is relup's engine. So the install waits for a check that goes on before it writes its relup.
TEST_F(AgentUsersTest, AnInstallAndACheckTakeTurns) {
  relup({"upgrade", "1.1.0"});
  FileSystem& files = real_file_system();
  const host::Host host = host::read_host(files, site_.root(), "the test");
  const auto script = host::find_script_on(files, host, "1.1.0", "1.0.0");
  const Term check = watcher_->call(
      "erlang", "spawn",
      {Term::atom("timer"), Term::atom("sleep"), Term::list({Term(std::int64_t{2'000})})}, 5s);
  watcher_->call("erlang", "register", {Term::atom("relup_turn"), check}, 5s);
  const auto line = connect();
  live::AgentVerbs agent(*line, host);
  agent.begin_install({"1.0.0", script->instructions, {}, {}});
  while (watcher_->call("erlang", "is_process_alive", {check}, 5s).is_atom("true"))
    EXPECT_FALSE(files.is_file(host.release_directory("1.0.0") + "/relup"));
  using State = live::AgentVerbs::Install;
  State state = State::running;
  while (state == State::running)
    state = agent.install_state("1.0.0", {}).install;
  EXPECT_EQ(state, State::done);
  EXPECT_EQ(ask("version"), "tally 1.0.0");
}

}  // namespace
}  // namespace relup::live_tests
