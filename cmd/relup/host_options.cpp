// SPDX-License-Identifier: Apache-2.0
#include "host_options.hpp"

#include <cstdlib>
#include <filesystem>

#include <sys/prctl.h>

#include "actor.hpp"
#include "base/confined_files.hpp"
#include "base/error.hpp"
#include "change/recovery.hpp"
#include "host_settings.hpp"
#include "node/ei_channel.hpp"
#include "progress_view.hpp"
#include "release_user.hpp"

namespace relup::cmd {
namespace {

std::string canonical(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path found = std::filesystem::canonical(path, failure);
  if (failure) throw Error(ErrorCode::usage, "there is no directory " + path);
  return found.string();
}

bool is_root(const std::string& directory) {
  return real_file_system().is_file(join_path(directory, "releases/start_erl.data"));
}

using FoundRoot = std::pair<std::string, std::string>;  // and where it was found

std::optional<FoundRoot> root_if_there_is_one(const std::string& named) {
  if (!named.empty()) return FoundRoot{canonical(named), "--root"};
  const char* environment = std::getenv("RELEASE_ROOT");
  if (environment != nullptr && *environment != '\0') {
    return FoundRoot{canonical(environment), "$RELEASE_ROOT"};
  }
  for (std::string directory = canonical(".");; directory = parent_path(directory)) {
    if (is_root(directory)) return FoundRoot{directory, "the current directory"};
    if (directory == "/") return std::nullopt;
  }
}

FoundRoot look_for_root(const std::string& named) {
  if (const auto found = root_if_there_is_one(named)) return *found;
  throw Error(ErrorCode::usage, "the current directory is not inside a release root")
      .with_hint("name the root with --root, or set RELEASE_ROOT");
}

FoundRoot look_for_root(const std::string& named, Console& console) {
  FoundRoot found = look_for_root(named);
  console.detail("root " + found.first + " (" + found.second + ")");
  return found;
}

// Whoever reads the memory of this process, be it in a core dump, reads the node's cookie.
void keep_memory_private() {
  ::prctl(PR_SET_DUMPABLE, 0);
}

std::vector<std::string> trusted_keys(const ReleaseOptions& options,
                                      const policy::HostSettings& settings) {
  if (!options.trusted_keys.empty()) return options.trusted_keys;
  const auto& wanted = settings.signatures;
  if (wanted.value == policy::Signatures::optional) return {};
  if (!settings.trusted_keys.value.empty()) return settings.trusted_keys.value;
  throw Error(ErrorCode::usage,
              to_text(wanted.origin) + ": signatures are required, and no key is trusted")
      .with_hint("name the files of the keys in `trusted_keys`");
}

}  // namespace

Arguments release_arguments(ReleaseOptions& options) {
  return {{.name = "VERSION",
           .description = "the release to change to",
           .target = &options.version,
           .presence = Presence::required},
          {.name = "--tarball",
           .value = "FILE",
           .description = "its tarball, instead of releases/NAME-VERSION.tar.gz",
           .target = &options.tarball},
          {.name = "--trusted-key",
           .value = "FILE",
           .description = "take a tarball only if one of these keys has signed it",
           .target = OneEach{&options.trusted_keys}}};
}

change::ChangeRequest request_for(const ReleaseOptions& options,
                                  std::optional<appup::Direction> direction,
                                  const policy::HostSettings& settings) {
  change::ChangeRequest request{options.version, direction};
  if (!options.tarball.empty()) request.tarball = options.tarball;
  request.trusted_keys = trusted_keys(options, settings);
  return request;
}

Argument root_argument(std::string& root) {
  return {.name = "--root",
          .value = "DIR",
          .description = "the release root, instead of looking for it",
          .target = &root};
}

Arguments host_arguments(HostOptions& options) {
  return {root_argument(options.root),
          {.name = "--node",
           .value = "NAME",
           .description = "the node's name, instead of looking for it",
           .target = &options.node},
          {.name = "--cookie-file",
           .value = "FILE",
           .description = "a file with the node's cookie",
           .target = &options.cookie_file}};
}

Arguments with_host_arguments(Arguments arguments, HostOptions& options) {
  for (Argument& argument : host_arguments(options))
    arguments.push_back(std::move(argument));
  return arguments;
}

std::optional<std::string> root_if_any(const HostOptions& options) {
  const auto found = root_if_there_is_one(options.root);
  if (!found) return std::nullopt;
  return found->first;
}

std::string find_root(const std::string& named, Console& console) {
  return look_for_root(named, console).first;
}

host::Host find_host(const HostOptions& options, Console& console) {
  keep_memory_private();
  const auto [root, origin] = look_for_root(options.root, console);
  host::Host host = host::read_host(real_file_system(), root, origin);
  work_as_release_user(options, host, console);
  return host;
}

std::unique_ptr<node::NodeChannel> connect(const HostOptions& options, const host::Host& host,
                                           Console& console) {
  const node::NodeAddress address = address_of_node(options, host);
  console.detail("node " + address.name + " (" + address.name_origin + ")");
  console.detail("cookie from " + address.cookie_origin);
  console.detail("epmd port " + std::to_string(address.epmd_port) + " (" + address.port_origin +
                 ")");
  for (const std::string& warning : address.warnings)
    console.say("warning: " + warning);
  return node::connect_node(address);
}

std::unique_ptr<change::Progress> make_progress(Console& console) {
  return std::make_unique<ProgressView>(console);
}

namespace {

// A host whose start_erl.data is torn cannot even be read.
void recover_first(const HostOptions& options, Console& console, const std::string& holder) {
  const std::string root = look_for_root(options.root).first;
  if (!change::needs_recovery(real_file_system(), root)) return;
  ConfinedFiles files(root);
  const change::Recovery recovery =
      change::recover(root, {files, real_clock(), holder, this_actor()});
  for (const auto* sentences : {&recovery.found, &recovery.done}) {
    for (const std::string& each : *sentences)
      console.say("recover: " + each);
  }
}

}  // namespace

void emplace_installer(std::optional<change::Installer>& installer, const HostOptions& options,
                       Console& console, change::Progress& progress, const std::string& command) {
  const std::string holder = holder_of(command);
  recover_first(options, console, holder);
  const host::Host host = find_host(options, console);
  require_writable(options, host);
  Interruption& interruption = interruption_of_process();
  const auto run = [&interruption](const std::string& line,
                                   const std::vector<std::string>& environment,
                                   Milliseconds patience) {
    return run_shell(line, environment, patience, interruption);
  };
  installer.emplace(
      host, change::ChangeTools{
                files_of(host), real_clock(), progress,
                [options, host, &console] { return connect(options, host, console); }, holder,
                interruption, run, this_actor(), nullptr, load_host_settings(host.root, console)});
}

}  // namespace relup::cmd
