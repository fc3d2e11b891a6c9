// SPDX-License-Identifier: Apache-2.0
//
// relup remove: an old release leaves the host.

#include "host_options.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
  std::string version;
};

ExitStatus run(const Options& options, Console& console) {
  const auto progress = make_progress(console);
  change::Installer installer =
      make_installer(options.host, console, *progress, "remove " + options.version);
  return show_outcome(installer.remove(options.version), "removed " + options.version, console);
}

Arguments describe(Options& options) {
  return with_host_arguments({{.name = "VERSION",
                               .description = "the release to remove",
                               .target = &options.version,
                               .presence = Presence::required}},
                             options.host);
}

}  // namespace

Verb remove_verb() {
  return make_verb("remove", "Remove an old release", describe, run);
}

}  // namespace relup::cmd
