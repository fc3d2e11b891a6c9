// SPDX-License-Identifier: Apache-2.0
//
// relup commit, relup rollback: the two ends of an install that was left uncommitted.

#include "change_end.hpp"
#include "end_options.hpp"
#include "load_policy.hpp"

namespace relup::cmd {
namespace {

struct CommitOptions {
  HostOptions host;
  EndOptions end;
};

struct RollbackOptions {
  HostOptions host;
  std::vector<std::string> kill;
};

ExitStatus run_commit(const CommitOptions& options, Console& console) {
  return run_change(options.host, console, "commit", [&](change::Installer& installer) {
    return "committed " + installer.commit(meaning_of(options.end, installer.settings())).to;
  });
}

ExitStatus run_rollback(const RollbackOptions& options, Console& console) {
  const auto policy = load_policy(options.host, console);
  if (!policy) return ExitStatus::usage;
  return run_change(options.host, console, "rollback", [&](change::Installer& installer) {
    const change::Outcome outcome =
        installer.rollback(modules_named(options.kill), policy->quiesce());
    return "rolled back from " + outcome.from + " to " + outcome.to;
  });
}

Arguments describe(CommitOptions& options) {
  return with_host_arguments({drain_argument(options.end), kill_argument(options.end.kill)},
                             options.host);
}

Arguments describe(RollbackOptions& options) {
  return with_host_arguments({kill_argument(options.kill)}, options.host);
}

}  // namespace

Verb commit_verb() {
  return changing_host(make_verb<CommitOptions>("commit", "Make the installed release permanent",
                                                describe, run_commit));
}

Verb rollback_verb() {
  return changing_host(make_verb<RollbackOptions>("rollback", "Go back from an uncommitted install",
                                                  describe, run_rollback));
}

}  // namespace relup::cmd
