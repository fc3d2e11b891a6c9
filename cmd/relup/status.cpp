// SPDX-License-Identifier: Apache-2.0
//
// relup status: the node, its releases, and who still runs old code.

#include <nlohmann/json.hpp>

#include "base/diagnostic_json.hpp"
#include "host_options.hpp"
#include "install/preview.hpp"

namespace relup::cmd {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  HostOptions host;
};

Json status_json(const install::HostStatus& status, const install::Host& host) {
  Json document{{"schema_version", 1},
                {"root", host.root},
                {"node", status.node},
                {"otp", status.otp},
                {"running", status.running},
                {"boots", status.boots},
                {"uncommitted", status.is_uncommitted},
                {"releases", Json::array()},
                {"old_code", Json::array()},
                {"repairs", status.repairs}};
  for (const install::KnownRelease& release : status.releases) {
    document["releases"].push_back({{"name", release.name},
                                    {"version", release.version},
                                    {"status", release.status},
                                    {"libraries", release.libraries}});
  }
  for (const install::OldCode& old_code : status.old_code) {
    document["old_code"].push_back(
        {{"module", old_code.module.name()}, {"processes", old_code.processes}});
  }
  return document;
}

void print_status(const install::HostStatus& status, const install::Host& host, std::ostream& out) {
  out << "node      " << printable(status.node + ", OTP " + status.otp) << "\n"
      << "root      " << printable(host.root) << "\n"
      << "running   " << printable(host.name + " " + status.running)
      << (status.is_uncommitted ? ", not committed: `relup commit` or `relup rollback`" : "")
      << "\n"
      << "boots     " << printable(status.boots) << "\n";
  for (const install::KnownRelease& release : status.releases) {
    out << "release   " << printable(release.version + "  " + release.status) << "\n";
  }
  for (const install::OldCode& old_code : status.old_code) {
    out << "old code  " << printable(old_code.module.name()) << ": ";
    if (old_code.processes.empty()) out << "not in use";
    for (std::size_t i = 0; i < old_code.processes.size(); ++i) {
      out << (i > 0 ? ", " : "") << printable(old_code.processes[i]);
    }
    out << "\n";
  }
  for (const std::string& repair : status.repairs)
    out << "repair    " << printable(repair) << "\n";
}

ExitStatus run(const Options& options, Console& console) {
  const install::Host host = find_host(options.host, console);
  const auto channel = connect(options.host, host, console);
  const install::HostStatus status = install::look_at_host(real_file_system(), host, *channel);
  if (console.wants_json()) {
    console.results() << dump(status_json(status, host)) << "\n";
  } else {
    print_status(status, host, console.results());
  }
  return ExitStatus::done;
}

void define(CLI::App& verb, Options& options) {
  add_host_options(verb, options.host);
}

}  // namespace

void add_status(Program& program) {
  add_verb<Options>(program, "status", "Show the node, its releases, and who runs old code", define,
                    run);
}

}  // namespace relup::cmd
