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
  std::string engine = "relup";
};

ExitStatus run(const Options& options, Direction direction, Console& console) {
  const std::string verb = direction == Direction::up ? "upgrade" : "downgrade";
  const auto progress = make_progress(console);
  change::Installer installer =
      make_installer(options.host, console, *progress, verb + " " + options.version);
  change::ChangeRequest request{options.version, direction};
  if (!options.tarball.empty()) request.tarball = options.tarball;
  if (options.no_commit) request.commit = change::CommitWhen::later;
  if (options.engine == "otp") request.engine = change::Engine::otp;
  const change::Outcome outcome = installer.change(request);
  std::string sentence = verb + "d from " + outcome.from + " to " + outcome.to;
  if (!outcome.committed) {
    sentence += ", not committed: end it with `relup commit` or `relup rollback`";
  }
  return show_outcome(outcome, sentence, console);
}

Arguments describe(Options& options) {
  return with_host_arguments(
      {{.name = "VERSION",
        .description = "the release to change to",
        .target = &options.version,
        .presence = Presence::required},
       {.name = "--tarball",
        .value = "FILE",
        .description = "its tarball, instead of releases/NAME-VERSION.tar.gz",
        .target = &options.tarball},
       {.name = "--no-commit",
        .description = "install only; a restart boots the old release",
        .target = &options.no_commit},
       {.name = "--engine",
        .description = "who runs the script",
        .target = &options.engine,
        .choices = {"relup", "otp"},
        .standard = options.engine}},
      options.host);
}

Verb change_verb(const std::string& name, const std::string& description, Direction direction) {
  return make_verb(name, description, describe,
                   [direction](const Options& options, Console& console) {
                     return run(options, direction, console);
                   });
}

}  // namespace

Verb upgrade_verb() {
  return change_verb("upgrade", "Upgrade the running release", Direction::up);
}

Verb downgrade_verb() {
  return change_verb("downgrade", "Go back to an older release, by the down script",
                     Direction::down);
}

}  // namespace relup::cmd
