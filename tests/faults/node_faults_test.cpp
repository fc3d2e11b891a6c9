// SPDX-License-Identifier: Apache-2.0
//
// A real node, killed and starved of space at each call by which it changes a file while relup's
// verbs run: OTP cuts RELEASES and start_erl.data to nothing, writes them, and never syncs them.
// The node has one thread for its file operations (+SDio 1), so a call has a number; strace is
// attached to that thread only, and all others run at full speed.
//
// What is asked of each: a start boots the old release or the new one, and really does after each
// death; the exit code says what is; `relup recover`, or the verb once more, ends it.
// RELUP_FAULT_SHARE=N tries every Nth case.

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "faults.hpp"
#include "live/support/child_process.hpp"
#include "live/support/source_variant.hpp"
#include "verdict.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = {
      {"SIGKILL", "error=EIO:signal=KILL"},
      {"ENOSPC", "error=ENOSPC"},
      {"EIO", "error=EIO"},
      {"full from there on", "error=ENOSPC", true},
  };
  return all;
}

bool applies(const Fault& fault, const SystemCall& call) {
  return !fault.lasts || call.name == "writev";
}

// The thread of a node that does its file operations.
pid_t file_thread_of(pid_t node) {
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(node) + "/task")) {
    const std::string name = read_file(task.path() / "comm");
    if (name.find("dirty_io") != std::string::npos || name.find("dios") != std::string::npos)
      return std::stoi(task.path().filename());
  }
  throw std::runtime_error("the node has no thread for files");
}

// strace, attached to a thread as long as the object lives.
class Watch {
 public:
  Watch(pid_t thread, const fs::path& trace, const std::vector<std::string>& options)
      : log_(trace.string() + ".log") {
    fs::remove(log_);
    Command command;
    command.arguments = {"strace", "-p", std::to_string(thread)};
    command.arguments.insert(command.arguments.end(), options.begin(), options.end());
    command.output = log_;
    strace_.emplace(command);
    while (read_file(log_).find("attached") == std::string::npos) {
      if (!strace_->running()) throw std::runtime_error("strace: " + read_file(log_));
      std::this_thread::sleep_for(5ms);
    }
  }
  ~Watch() { strace_->stop(10s); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  fs::path log_;
  std::optional<ChildProcess> strace_;
};

FaultyHost& host() {
  static FaultyHost one({.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM});
  return one;
}

class NodeFaults : public testing::TestWithParam<Verb> {
 protected:
  void SetUp() override {
    if (!may_trace()) GTEST_SKIP() << "strace may not trace here";
  }

  static const Verb& verb() { return GetParam(); }
  static fs::path trace() { return host().directory() / "trace"; }

  static RelupResult run(std::vector<std::string> options) {
    const Watch watch(file_thread_of(host().node().pid()), trace(), options);
    return host().site().relup(verb().arguments);
  }

  static std::vector<SystemCall> traced() {
    host().bring_to(verb().begin);
    const RelupResult whole = run(trace_to(trace(), changing_calls(Closing::counts)));
    EXPECT_EQ(whole.exit_code, 0) << whole;
    return changes_in(trace(), host().root());
  }

  static std::string hit() {
    for (const SystemCall& call : changes_in(trace(), host().root())) {
      if (call.is_hit) return call.what;
    }
    return "";
  }

  // How many other files a node opens and closes meanwhile differs; but a temporary name does, too.
  static CountedBy counted(const SystemCall& call) {
    const bool is_frequent = call.name == "openat" || call.name == "close";
    return is_frequent && call.what.find('*') == std::string::npos ? CountedBy::path
                                                                   : CountedBy::name;
  }

  bool try_case(const SystemCall& call, const Fault& fault, End end) {
    for (int attempt = 0; attempt < 6; ++attempt) {
      host().bring_to(verb().begin);
      const Listing before = host().listing();
      // To know which descriptor a `close` is of.
      std::vector<std::string> options =
          trace_to(trace(), call.name == "close" ? "openat,close" : call.name);
      const std::vector<std::string> more = injection(call, fault, counted(call));
      options.insert(options.end(), more.begin(), more.end());
      const RelupResult result = run(options);
      const std::string found = hit();
      const std::string what = fault.name + " at " + (found.empty() ? "nothing" : found);
      if (fault.name == "SIGKILL" && !host().node().running()) {
        host().node().kill();  // what strace has killed is waited for
        verdict_.judge_death(verb(), result, what);
        verdict_.end_it(verb(), End::start, what);
      } else {
        verdict_.judge(verb(), result, before, what);
        verdict_.end_it(verb(), end, what);
      }
      if (found == call.what) return true;
    }
    return false;
  }

  Verdict verdict_{host()};
};

TEST_P(NodeFaults, AtEachOfItsWrites) {
  const std::vector<SystemCall> calls = traced();
  ASSERT_FALSE(calls.empty());
  std::size_t cases = 0;
  std::size_t tried = 0;
  for (const SystemCall& call : calls) {
    for (const Fault& fault : faults()) {
      if (!applies(fault, call)) continue;
      if (cases++ % share(53) != share(53) / 3 % 7) continue;
      if (!try_case(call, fault, turn(tried))) verdict_.fault(call.what + " was never hit");
      ++tried;
    }
  }
  verdict_.tell("node", verb().name, calls.size(), cases, tried);
}

INSTANTIATE_TEST_SUITE_P(Each, NodeFaults, testing::ValuesIn(verbs()),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace relup::live_tests
