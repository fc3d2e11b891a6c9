// SPDX-License-Identifier: Apache-2.0
//
// The real program, killed and refused at each of its system calls that change a file. One run of a
// verb is traced (strace), which gives the calls; then the verb is run again and again, on a host
// that is as it was, and each time one of the calls meets a fault: relup dies in it, or it ends
// with an error. strace tells which call it has hit, and that is what counts.
//
// What is asked of each: the exit code says what is (never 0 unless all is done, 5 only where there
// is something for `relup recover`); a start would boot the old release or the new one, and really
// does at some of the places; then `relup recover`, or the verb once more, ends it, and everything
// is whole.
//
// Members of the tarball that both releases have, files of OTP by the hundred, are written by the
// same code as others and are thrown away at the end: each of those calls meets one of the faults,
// in turn. RELUP_FAULT_SHARE=N tries every Nth case.

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "faults.hpp"
#include "verdict.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = {
      {"SIGKILL", "error=EIO:signal=KILL"},
      {"ENOSPC", "error=ENOSPC"},
      {"EIO", "error=EIO"},
      {"EDQUOT", "error=EDQUOT"},
      {"EROFS", "error=EROFS"},
      {"EMFILE", "error=EMFILE"},
      {"EINTR", "error=EINTR"},
      {"full from there on", "error=ENOSPC", true},
  };
  return all;
}

// A full disk that stays full: what needs space fails, and nothing else does.
bool applies(const Fault& fault, const SystemCall& call) {
  return !fault.lasts || call.name == "write" || call.name == "mkdirat";
}

bool is_shared_member(const SystemCall& call) {
  for (const char* part : {"lib/kernel-", "lib/stdlib-", "lib/sasl-", "erts-"}) {
    if (call.what.find(std::string(".relup-staging/") + part) != std::string::npos) return true;
  }
  return false;
}

struct Case {
  const SystemCall* call;
  const Fault* fault;
};

std::vector<Case> cases_of(const std::vector<SystemCall>& calls) {
  std::vector<Case> all;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (is_shared_member(calls[i])) {
      all.push_back({&calls[i], &faults()[i % (faults().size() - 1)]});
      continue;
    }
    for (const Fault& fault : faults()) {
      if (applies(fault, calls[i])) all.push_back({&calls[i], &fault});
    }
  }
  return all;
}

class Faults {
 public:
  explicit Faults(const Tools& tools) : host_(tools) {}

  FaultyHost& host() { return host_; }

  // Runs it under strace, which looks at all that changes a file.
  RelupResult run(const std::vector<std::string>& arguments) {
    return run_under(trace_to(trace(), changing_calls(Closing::does_not)), arguments);
  }

  // The same with a fault. Only calls of that name are stopped, for that takes long.
  RelupResult run(const std::vector<std::string>& arguments, const SystemCall& call,
                  const Fault& fault) {
    std::vector<std::string> options = trace_to(trace(), call.name);
    const std::vector<std::string> more =
        injection(call, fault, call.name == "openat" ? CountedBy::path : CountedBy::name);
    options.insert(options.end(), more.begin(), more.end());
    return run_under(options, arguments);
  }

  std::vector<SystemCall> changes() { return changes_in(trace(), host_.root()); }

  // The call that was hit in the last run; "" for none.
  std::string hit() {
    for (const SystemCall& call : changes()) {
      if (call.is_hit) return call.what;
    }
    return "";
  }

 private:
  RelupResult run_under(const std::vector<std::string>& options,
                        const std::vector<std::string>& arguments) {
    // With --seccomp-bpf strace swallows the signal that it is to send.
    std::vector<std::string> strace = {"strace", "-f"};
    strace.insert(strace.end(), options.begin(), options.end());
    return host_.site().relup_under(strace, arguments);
  }

  fs::path trace() const { return host_.directory() / "trace"; }

  FaultyHost host_;
};

// One for all tests: to make it takes longer than most cases.
Faults& shared() {
  static Faults all({.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM});
  return all;
}

class ProgramFaults : public testing::Test {
 protected:
  void SetUp() override {
    if (!may_trace()) GTEST_SKIP() << "strace may not trace here";
  }

  static FaultyHost& host() { return shared().host(); }

  Verdict verdict_{host()};
};

class VerbFaults : public ProgramFaults, public testing::WithParamInterface<Verb> {
 protected:
  static const Verb& verb() { return GetParam(); }

  std::vector<SystemCall> traced() {
    host().bring_to(verb().begin);
    const RelupResult whole = shared().run(verb().arguments);
    EXPECT_EQ(whole.exit_code, 0) << whole;
    return shared().changes();
  }

  // Until the call that is meant is hit: a number may belong to another one in one run of many.
  bool try_case(const Case& one, End end) {
    for (int attempt = 0; attempt < 6; ++attempt) {
      host().bring_to(verb().begin);
      const Listing before = host().listing();
      const RelupResult result = shared().run(verb().arguments, *one.call, *one.fault);
      const std::string hit = shared().hit();
      const std::string what = one.fault->name + " at " + (hit.empty() ? "nothing" : hit);
      verdict_.judge(verb(), result, before, what);
      verdict_.end_it(verb(), end, what);
      if (hit == one.call->what) return true;
    }
    return false;
  }
};

TEST_P(VerbFaults, AtEachOfItsCalls) {
  const std::vector<SystemCall> calls = traced();
  for (const SystemCall& call : calls)
    EXPECT_TRUE(call.is_first) << "another thread makes a change: " << call.what;
  const std::vector<Case> cases = cases_of(calls);
  std::size_t tried = 0;
  // From where on differs, so that the verbs do not all begin with the same few.
  for (std::size_t i = share(307) / 2; i < cases.size(); i += share(307)) {
    if (!try_case(cases[i], turn(tried))) verdict_.fault(cases[i].call->what + " was never hit");
    ++tried;
  }
  EXPECT_GT(tried, 0U);
  verdict_.tell("program", verb().name, calls.size(), cases.size(), tried);
}

INSTANTIATE_TEST_SUITE_P(Each, VerbFaults, testing::ValuesIn(verbs()),
                         [](const auto& each) { return std::string(each.param.name); });

// What `relup recover` is killed in, or refused, another one ends. It needs no node.
class RecoverFaults : public ProgramFaults {
 protected:
  struct Left {
    const char* name;
    Begin begin;
    std::vector<std::string> arguments;
    std::string killed_at;  // the beginning of the call's text, and which such call
  };

  // A host as a relup leaves it that is killed there.
  fs::path left_by(const Left& left) {
    host().bring_to(left.begin);
    const RelupResult whole = shared().run(left.arguments);
    EXPECT_EQ(whole.exit_code, 0) << whole;
    std::vector<SystemCall> calls = shared().changes();
    const auto at = std::find_if(calls.begin(), calls.end(), [&](const SystemCall& call) {
      return call.what.starts_with(left.killed_at);
    });
    if (at == calls.end()) throw std::runtime_error("no call " + left.killed_at);
    host().bring_to(left.begin);
    shared().run(left.arguments, *at, faults().front());
    EXPECT_EQ(shared().hit(), at->what);
    return host().save(left.name);
  }

  void try_case(const fs::path& left, const Case& one) {
    host().lay_out(left);
    const RelupResult result = shared().run({"recover"}, *one.call, *one.fault);
    const std::string what =
        left.filename().string() + ", " + one.fault->name + " at " + shared().hit();
    verdict_.note(result.exit_code);
    if (!verdict_.boots(what)) return;
    const RelupResult again = host().site().relup({"recover"});
    std::ostringstream tells;
    tells << what << ": " << result << again;
    if (result.exit_code == 0 && !is_nothing(again))
      verdict_.fault("was not at its end: " + tells.str());
    if (again.exit_code != 0) return verdict_.fault(tells.str());
    if (const std::string why = host().what_is_wrong(); !why.empty())
      verdict_.fault(tells.str() + why);
    if (tried_ % 40 == 1) verdict_.start_node(what);
  }

  std::size_t tried_ = 0;
};

TEST_F(RecoverFaults, AtEachOfItsCalls) {
  const std::vector<Left> all = {
      {"an upgrade that publishes", Begin::deployed, {"upgrade", "1.1.0"}, "fsync releases #2"},
      {"an upgrade that is decided",
       Begin::deployed,
       {"upgrade", "1.1.0"},
       "renameat releases .relup-new-* releases start_erl.data"},
      {"a rollback", Begin::installed, {"rollback"}, "renameat .relup/kept/* .relup-new-*"},
      {"a removal", Begin::committed, {"remove", "1.0.0"}, "renameat lib tally-1.0.0"},
  };
  std::size_t count = 0;
  std::size_t possible = 0;
  for (const Left& each : all) {
    const fs::path left = left_by(each);
    host().lay_out(left);
    const RelupResult status = host().site().relup({"status"});
    EXPECT_EQ(status.exit_code, 75) << status;
    EXPECT_NE(status.output.find("`relup " + each.arguments.front()), std::string::npos) << status;
    EXPECT_NE(status.output.find("was cut off: `relup recover`"), std::string::npos) << status;
    EXPECT_EQ(shared().run({"recover"}).exit_code, 0);
    const std::vector<SystemCall> calls = shared().changes();
    const std::vector<Case> cases = cases_of(calls);
    count += calls.size();
    possible += cases.size();
    for (std::size_t i = tried_ % 7; i < cases.size(); i += share(29), ++tried_)
      try_case(left, cases[i]);
  }
  verdict_.tell("program", "recover", count, possible, tried_);
}

}  // namespace
}  // namespace relup::live_tests
