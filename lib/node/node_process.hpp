// SPDX-License-Identifier: Apache-2.0
#pragma once

// The running emulators of a release, found in /proc. The kernel lets everybody read a command
// line, but only the owner read an environment. A process that goes away while we look, or may not
// be looked at, is left out.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "node/arguments.hpp"

namespace relup::node {

struct NodeProcess {
  std::string pid;
  NodeFlags flags;                                 // of its command line
  std::map<std::string, std::string> environment;  // empty when it may not be read
};

// The emulators that run from the release at `root` (absolute, without symbolic links, as -root is)
// in the order of the pids' text; remote shells and other helpers of the release are left out.
std::vector<NodeProcess> find_node_processes(FileSystem& files, const std::string& proc,
                                             const std::string& root);

// An operating system process, that stays known when its number is given to another one.
struct ProcessIdentity {
  std::string pid;
  std::string started;  // ticks of the kernel's clock
  bool operator==(const ProcessIdentity&) const = default;
};

// None when there is no such process, or it has ended and waits for its parent to notice.
std::optional<ProcessIdentity> identify_process(FileSystem& files, const std::string& proc,
                                                const std::string& pid);

// The number here of the process that has `pid` in the namespace `pid_namespace`, as the link
// /proc/self/ns/pid names one ("pid:[4026531836]"): what runs in a container counts from 1. `pid`
// where the namespace is ours or is not known; empty where no such process may be seen.
std::string pid_on_host(FileSystem& files, const std::string& proc, const std::string& pid,
                        const std::string& pid_namespace);

// Whether the process has a network namespace of its own; false where that may not be seen.
bool is_in_other_network(FileSystem& files, const std::string& proc, const std::string& pid);

// Whether heart(3) watches, or is about to start again, the emulator with this number.
bool has_heart(FileSystem& files, const std::string& proc, const std::string& pid);

}  // namespace relup::node
