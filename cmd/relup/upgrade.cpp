// SPDX-License-Identifier: Apache-2.0
//
// relup upgrade, relup downgrade: to another release of a live node, by the up or the down script.

#include "base/duration.hpp"
#include "change_end.hpp"
#include "end_options.hpp"
#include "load_policy.hpp"

namespace relup::cmd {
namespace {

using appup::Direction;

struct Options {
  HostOptions host;
  bool no_commit = false;
  std::string engine = "relup";
  EndOptions end;
  WatchOptions watch;
};

change::ChangeRequest request_of(const Options& options, Direction direction,
                                 const policy::HostSettings& settings) {
  change::ChangeRequest request = request_for(options.host.release, direction, settings);
  request.end = meaning_of(options.end, settings);
  request.probes = probes_of(options.watch, settings);
  request.confirm_within = confirmation_of(options.watch);
  if (options.engine == "otp") request.engine = change::Engine::otp;
  if (options.no_commit || request.confirm_within) request.commit = change::CommitWhen::later;
  return request;
}

// ", not committed: ..."
std::string what_is_left(const change::ChangeRequest& request, const change::Outcome& outcome) {
  if (outcome.committed) return "";
  if (!request.confirm_within)
    return ", not committed: end it with `relup commit` or `relup rollback`";
  return ", not committed: without `relup commit` within " +
         duration_text(*request.confirm_within) + " the node goes back to " + outcome.from;
}

ExitStatus run(const Options& options, Direction direction, Console& console) {
  const std::string verb = direction == Direction::up ? "upgrade" : "downgrade";
  const auto policy = load_policy(options.host, console);
  if (!policy) return ExitStatus::usage;
  return run_change(options.host, console, verb + " " + options.host.release.version,
                    [&](change::Installer& installer) {
                      change::ChangeRequest request =
                          request_of(options, direction, installer.settings());
                      request.quiesce = policy->quiesce();
                      const change::Outcome outcome = installer.change(request);
                      return verb + "d from " + outcome.from + " to " + outcome.to +
                             what_is_left(request, outcome);
                    });
}

Arguments describe(Options& options) {
  Arguments arguments = release_arguments(options.host.release);
  arguments.push_back({.name = "--no-commit",
                       .description = "install only; a restart boots the old release",
                       .target = &options.no_commit});
  arguments.push_back({.name = "--engine",
                       .description = "who runs the script",
                       .target = &options.engine,
                       .choices = {"relup", "otp"},
                       .standard = options.engine});
  arguments.push_back(drain_argument(options.end));
  arguments.push_back(kill_argument(options.end.kill));
  for (Argument& argument : watch_arguments(options.watch))
    arguments.push_back(std::move(argument));
  return with_host_arguments(std::move(arguments), options.host);
}

Verb change_verb(const std::string& name, const std::string& description, Direction direction) {
  return changing_host(
      make_verb(name, description, describe, [direction](const Options& options, Console& console) {
        return run(options, direction, console);
      }));
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
