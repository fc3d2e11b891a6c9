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

void define(CLI::App& verb, Options& options) {
  verb.add_option("VERSION", options.version, "the release to remove")->required();
  add_host_options(verb, options.host);
}

}  // namespace

void add_remove(Program& program) {
  add_verb<Options>(program, "remove", "Remove an old release", define, run);
}

}  // namespace relup::cmd
