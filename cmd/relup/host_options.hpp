// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the verbs that work on a host have in common: the options that name the release root, the
// node and its cookie, and the objects made from them. What cannot be found
// is an Error (usage), a node that does not answer one (unavailable).

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "change/installer.hpp"
#include "host/host.hpp"
#include "verbs.hpp"

namespace relup::cmd {

// The release that a verb is about, where it is and who must have signed it: VERSION, --tarball,
// --trusted-key.
struct ReleaseOptions {
  std::string version;
  std::string tarball;
  std::vector<std::string> trusted_keys;
};

struct HostOptions {
  std::string root;
  std::string node;
  std::string cookie_file;
  ReleaseOptions release = {};  // of verbs that are about one
};

// The options that say which host and node.
Arguments host_arguments(HostOptions& options);

Arguments release_arguments(ReleaseOptions& options);
// Where signatures are required by the settings and no key is given, the keys are those of the
// settings; none there is an Error (usage).
change::ChangeRequest request_for(const ReleaseOptions& options,
                                  std::optional<appup::Direction> direction,
                                  const policy::HostSettings& settings);

// A verb's own arguments, and then these.
Arguments with_host_arguments(Arguments arguments, HostOptions& options);

// --root alone, for who needs no node.
Argument root_argument(std::string& root);

// Where the root is, as find_host finds it. Nothing in it has to be readable.
std::string find_root(const std::string& named, Console& console);

// The root, where one is meant: as find_host finds it. A root that is named must be there.
std::optional<std::string> root_if_any(const HostOptions& options);

// The root that was named, or $RELEASE_ROOT, or the one that the current directory is in. When root
// calls, the process works as the user of the release from then on (release_user.hpp).
host::Host find_host(const HostOptions& options, Console& console);

std::unique_ptr<node::NodeChannel> connect(const HostOptions& options, const host::Host& host,
                                           Console& console);

// Tells the steps on the console as --progress says.
std::unique_ptr<change::Progress> make_progress(Console& console);

// Makes `installer` one for the host. Another relup that finds the host locked meanwhile tells its
// user `command` ("upgrade 1.1.0"). `progress` must outlive the installer. From now on a signal
// does not end the process (base/interruption.hpp).
void emplace_installer(std::optional<change::Installer>& installer, const HostOptions& options,
                       Console& console, change::Progress& progress, const std::string& command);

}  // namespace relup::cmd
