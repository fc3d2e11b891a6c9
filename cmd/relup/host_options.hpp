// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the verbs that work on a host have in common: the options that name the release root, the
// node and its cookie, the objects made from them, and how a change is told. What cannot be found
// is an Error (usage), a node that does not answer one (unavailable).

#include <memory>
#include <string>

#include "change/installer.hpp"
#include "host/host.hpp"
#include "verbs.hpp"

namespace relup::cmd {

struct HostOptions {
  std::string root;
  std::string node;
  std::string cookie_file;
};

// The options that say which host and node.
Arguments host_arguments(HostOptions& options);

// A verb's own arguments, and then these.
Arguments with_host_arguments(Arguments arguments, HostOptions& options);

// The root that was named, or $RELEASE_ROOT, or the one that the current directory is in.
host::Host find_host(const HostOptions& options, Console& console);

std::unique_ptr<node::NodeChannel> connect(const HostOptions& options, const host::Host& host,
                                           Console& console);

// Tells the steps on the console as --progress says.
std::unique_ptr<change::Progress> make_progress(Console& console);

// An installer for the host. Another relup that finds the host locked meanwhile tells its user
// `command` ("upgrade 1.1.0"). `progress` must outlive the installer.
change::Installer make_installer(const HostOptions& options, Console& console,
                                 change::Progress& progress, const std::string& command);

// Prints how a change ended, as a document or as `sentence`.
ExitStatus show_outcome(const change::Outcome& outcome, const std::string& sentence,
                        Console& console);

}  // namespace relup::cmd
