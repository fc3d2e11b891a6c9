// SPDX-License-Identifier: Apache-2.0
//
// relup upgrade, relup downgrade: to another release of a live node, by the up or the down script.

#include "host_options.hpp"

namespace relup::cmd {
namespace {

using appup::Direction;

struct Options {
  HostOptions host;
  std::string version;
  std::string tarball;
  bool no_commit = false;
};

ExitStatus run(const Options& options, Direction direction, Console& console) {
  const std::string verb = direction == Direction::up ? "upgrade" : "downgrade";
  const auto progress = make_progress(console);
  change::Installer installer =
      make_installer(options.host, console, *progress, verb + " " + options.version);
  change::ChangeRequest request{options.version, direction};
  if (!options.tarball.empty()) request.tarball = options.tarball;
  if (options.no_commit) request.commit = change::CommitWhen::later;
  const change::Outcome outcome = installer.change(request);
  std::string sentence = verb + "d from " + outcome.from + " to " + outcome.to;
  if (!outcome.committed) {
    sentence += ", not committed: end it with `relup commit` or `relup rollback`";
  }
  return show_outcome(outcome, sentence, console);
}

void define(CLI::App& verb, Options& options) {
  verb.add_option("VERSION", options.version, "the release to change to")->required();
  verb.add_option("--tarball", options.tarball,
                  "its tarball, instead of releases/NAME-VERSION.tar.gz")
      ->option_text("FILE");
  verb.add_flag("--no-commit", options.no_commit, "install only; a restart boots the old release");
  add_host_options(verb, options.host);
}

void add_change(Program& program, const std::string& name, const std::string& description,
                Direction direction) {
  add_verb<Options>(program, name, description, define,
                    [direction](const Options& options, Console& console) {
                      return run(options, direction, console);
                    });
}

}  // namespace

void add_upgrade(Program& program) {
  add_change(program, "upgrade", "Upgrade the running release", Direction::up);
}

void add_downgrade(Program& program) {
  add_change(program, "downgrade", "Go back to an older release, by the down script",
             Direction::down);
}

}  // namespace relup::cmd
