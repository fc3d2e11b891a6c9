// SPDX-License-Identifier: Apache-2.0
//
// relup status: the node, its releases, and the processes that still run old code.

#include <memory>

#include "base/duration.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "change/host_status.hpp"
#include "host_options.hpp"
#include "labelled_line.hpp"

namespace relup::cmd {
namespace {

struct Options {
  HostOptions host;
  bool deep = false;
};

bool is_busy(const change::HostStatus& status) {
  return status.release_handler == change::ReleaseHandlerState::busy;
}

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
                {"release_handler", is_busy(status) ? "busy" : "answers"},
                {"looked_at", status.looked_at},
                {"processes", status.processes},
                {"job", Json()},
                {"at_work", status.at_work ? Json(*status.at_work) : Json()},
                {"confirmation", confirmation_json(status.confirmation)}};
  if (status.job) {
    document["job"] = {{"work", status.job->work}, {"milliseconds", status.job->age.count()}};
  }
  for (const live::KnownRelease& release : status.releases) {
    document["releases"].push_back({{"name", release.name},
                                    {"version", release.version},
                                    {"status", release.status},
                                    {"libraries", release.libraries}});
  }
  for (const live::HeldCode& code : status.old_code) {
    document["old_code"].push_back(
        {{"module", code.module.name()}, {"count", code.count}, {"processes", code.named}});
  }
  return document;
}

std::string running_text(const change::HostStatus& status, const host::Host& host) {
  std::string text = host.name + " " + status.running;
  if (status.is_uncommitted) text += ", not committed: `relup commit` or `relup rollback`";
  if (is_busy(status)) {
    text += ", as releases/RELEASES has it: the release handler is busy and does not answer now";
  }
  return text;
}

void print_status(const change::HostStatus& status, const host::Host& host, Console& console) {
  const auto row = [&](const std::string& label, const std::string& text) {
    console.results() << labelled_line(label, text, console);
  };
  row("node", status.node + ", OTP " + status.otp);
  row("root", host.root);
  row("running", running_text(status, host));
  if (status.confirmation) row("confirm", confirmation_text(*status.confirmation));
  row("boots", status.boots);
  if (status.job) row("job", change::describe_running(*status.job));
  if (status.at_work) row("at work", *status.at_work);
  for (const live::KnownRelease& release : status.releases)
    row("release", release.version + "  " + release.status);
  for (const live::HeldCode& code : status.old_code)
    row("old code", describe(code));
  if (status.looked_at < status.processes) {
    row("", "time was enough to look at " + std::to_string(status.looked_at) + " of " +
                std::to_string(status.processes) +
                " processes; `relup status --deep` looks at all");
  }
  for (const std::string& repair : status.repairs)
    row("repair", repair);
}

// Of a node that is down: what a start of it boots, and whether something has to be put right
// before.
void print_disk(const host::Host& host, Console& console) {
  const change::DiskStatus status = change::look_at_disk(real_file_system(), host);
  const auto row = [&](const std::string& label, const std::string& text) {
    console.results() << labelled_line(label, text, console);
  };
  row("node", "is not seen; what follows is what the files say");
  row("root", host.root);
  row("boots", status.boots);
  for (const live::KnownRelease& release : status.releases)
    row("release", release.version + "  " + release.status);
  for (const std::string& repair : status.repairs)
    row("repair", repair);
}

std::unique_ptr<node::NodeChannel> connect_or_tell(const Options& options, const host::Host& host,
                                                   Console& console) {
  try {
    return connect(options.host, host, console);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unavailable && !console.wants_json()) print_disk(host, console);
    throw;
  }
}

ExitStatus run(const Options& options, Console& console) {
  const host::Host host = find_host(options.host, console);
  const auto channel = connect_or_tell(options, host, console);
  const change::HostStatus status = change::look_at_host(
      real_file_system(), host, *channel,
      options.deep ? change::LookFor::all_processes : change::LookFor::a_moment);
  if (console.wants_json()) {
    console.results() << dump(status_json(status, host)) << "\n";
  } else {
    print_status(status, host, console);
  }
  return ExitStatus::done;
}

Arguments describe(Options& options) {
  return with_host_arguments({{.name = "--deep",
                               .description = "look at all processes, however long that takes",
                               .target = &options.deep}},
                             options.host);
}

}  // namespace

Verb status_verb() {
  return make_verb("status", "Show the node, its releases, and who runs old code", describe, run);
}

}  // namespace relup::cmd
