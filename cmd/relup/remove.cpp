// SPDX-License-Identifier: Apache-2.0
//
// relup remove: an old release leaves the host.

#include "change_end.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
  std::string version;
};

ExitStatus run(const Options& options, Console& console) {
  return run_change(options.host, console, "remove " + options.version,
                    [&](change::Installer& installer) {
                      installer.remove(options.version);
                      return "removed " + options.version;
                    });
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
  return changing_host(make_verb("remove", "Remove an old release", describe, run));
}

}  // namespace relup::cmd
