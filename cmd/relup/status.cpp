// SPDX-License-Identifier: Apache-2.0
//
// relup status: the node, its releases, and the processes that still run old code.

#include "base/duration.hpp"
#include "base/json.hpp"
#include "change/host_status.hpp"
#include "host_options.hpp"
#include "labelled_line.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
};

Json confirmation_json(const std::optional<live::Confirmation>& confirmation) {
  if (!confirmation) return {};
  return {{"goes_back_to", confirmation->to}, {"milliseconds_left", confirmation->left.count()}};
}

std::string confirmation_text(const live::Confirmation& confirmation) {
  if (confirmation.is_going_back)
    return "nobody has confirmed " + confirmation.from + ": the node goes back to " +
           confirmation.to;
  return "without `relup commit` the node goes back to " + confirmation.to + " in " +
         duration_text(confirmation.left);
}

Json status_json(const change::HostStatus& status, const host::Host& host) {
  Json document{{"schema_version", 1},
                {"root", host.root},
                {"node", status.node},
                {"otp", status.otp},
                {"running", status.running},
                {"boots", status.boots},
                {"uncommitted", status.is_uncommitted},
                {"releases", Json::array()},
                {"old_code", Json::array()},
                {"repairs", status.repairs},
                {"confirmation", confirmation_json(status.confirmation)}};
  for (const live::KnownRelease& release : status.releases) {
    document["releases"].push_back({{"name", release.name},
                                    {"version", release.version},
                                    {"status", release.status},
                                    {"libraries", release.libraries}});
  }
  for (const live::OldCode& old_code : status.old_code) {
    document["old_code"].push_back(
        {{"module", old_code.module.name()}, {"processes", old_code.processes}});
  }
  return document;
}

std::string holders_text(const live::OldCode& old_code) {
  return old_code.processes.empty() ? old_code.module.name() + ": not in use" : describe(old_code);
}

void print_status(const change::HostStatus& status, const host::Host& host, Console& console) {
  const auto row = [&](const std::string& label, const std::string& text) {
    console.results() << labelled_line(label, text, console);
  };
  row("node", status.node + ", OTP " + status.otp);
  row("root", host.root);
  row("running",
      host.name + " " + status.running +
          (status.is_uncommitted ? ", not committed: `relup commit` or `relup rollback`" : ""));
  if (status.confirmation) row("confirm", confirmation_text(*status.confirmation));
  row("boots", status.boots);
  for (const live::KnownRelease& release : status.releases)
    row("release", release.version + "  " + release.status);
  for (const live::OldCode& old_code : status.old_code)
    row("old code", holders_text(old_code));
  for (const std::string& repair : status.repairs)
    row("repair", repair);
}

ExitStatus run(const Options& options, Console& console) {
  const host::Host host = find_host(options.host, console);
  const auto channel = connect(options.host, host, console);
  const change::HostStatus status = change::look_at_host(real_file_system(), host, *channel);
  if (console.wants_json()) {
    console.results() << dump(status_json(status, host)) << "\n";
  } else {
    print_status(status, host, console);
  }
  return ExitStatus::done;
}

Arguments describe(Options& options) {
  return host_arguments(options.host);
}

}  // namespace

Verb status_verb() {
  return make_verb("status", "Show the node, its releases, and who runs old code", describe, run);
}

}  // namespace relup::cmd
