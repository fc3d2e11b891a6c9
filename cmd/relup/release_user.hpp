// SPDX-License-Identifier: Apache-2.0
#pragma once

// As whom a verb works on a root. When root calls, what only root may do comes first: finding the
// node, reading its cookie, opening the tarball. Then the process becomes the user of the node, or
// where no node runs, the owner of the root, and stays that; only where that is root does it stay
// root. So files and folders that are made belong to that user, the node may write them, and who
// has something to say in the root cannot make root do it elsewhere.

#include <string>

#include "base/file_system.hpp"
#include "host/host.hpp"
#include "host_options.hpp"
#include "node/node_address.hpp"

namespace relup::cmd {

// Told under -v. Error (system_error) when the system does not let us.
void work_as_release_user(const HostOptions& options, const host::Host& host, Console& console);

// Error (answer_is_no) that tells who owns what, where this process may not write below the root,
// or the node could not write what it makes.
void require_writable(const HostOptions& options, const host::Host& host);

// What the host's files are changed with (base/confined_files.hpp); lives as long as the process.
FileSystem& files_of(const host::Host& host);

// As it was found before the process became another user, or as it is found now.
node::NodeAddress address_of_node(const HostOptions& options, const host::Host& host);

// Who has called relup.
std::string caller_name();

}  // namespace relup::cmd
