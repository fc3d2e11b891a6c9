// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the verbs that work on a host have in common: how the root, the node and its cookie are
// found, and how the steps are told while they happen.

#include <memory>
#include <string>

#include "install/host.hpp"
#include "install/installer.hpp"
#include "verbs.hpp"

namespace relup::cmd {

struct HostOptions {
  std::string root;
  std::string node;
  std::string cookie_file;
};

void add_host_options(CLI::App& verb, HostOptions& options);

// The root that was named, or $RELEASE_ROOT, or the one that the current directory is in.
install::Host find_host(const HostOptions& options, Console& console);

std::unique_ptr<node::NodeChannel> connect(const HostOptions& options, const install::Host& host,
                                           Console& console);

// Tells the steps on the console as --progress says.
std::unique_ptr<install::Progress> make_progress(Console& console);

// An installer for the host; `command` is what to call the holder of the lock. `progress` must
// outlive it.
install::Installer make_installer(const HostOptions& options, Console& console,
                                  install::Progress& progress, const std::string& command);

// The end of a change as a document or as a sentence.
ExitStatus show_outcome(const install::Outcome& outcome, const std::string& sentence,
                        Console& console);

}  // namespace relup::cmd
