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

void define(CLI::App& verb, Options& options) {
  add_host_options(verb, options.host);
}

}  // namespace

void add_commit(Program& program) {
  add_verb<Options>(program, "commit", "Make the installed release permanent", define, run_commit);
}

void add_rollback(Program& program) {
  add_verb<Options>(program, "rollback", "Go back from an uncommitted install", define,
                    run_rollback);
}

}  // namespace relup::cmd
