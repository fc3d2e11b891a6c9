// SPDX-License-Identifier: Apache-2.0
//
// relup commit, relup rollback: the two ends of an install that was left uncommitted.

#include "host_options.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
};

ExitStatus run_commit(const Options& options, Console& console) {
  const auto progress = make_progress(console);
  change::Installer installer = make_installer(options.host, console, *progress, "commit");
  const change::Outcome outcome = installer.commit();
  return show_outcome(outcome, "committed " + outcome.to, console);
}

ExitStatus run_rollback(const Options& options, Console& console) {
  const auto progress = make_progress(console);
  change::Installer installer = make_installer(options.host, console, *progress, "rollback");
  const change::Outcome outcome = installer.rollback();
  return show_outcome(outcome, "rolled back from " + outcome.from + " to " + outcome.to, console);
}

Arguments describe(Options& options) {
  return host_arguments(options.host);
}

}  // namespace

Verb commit_verb() {
  return make_verb("commit", "Make the installed release permanent", describe, run_commit);
}

Verb rollback_verb() {
  return make_verb("rollback", "Go back from an uncommitted install", describe, run_rollback);
}

}  // namespace relup::cmd
