// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release in a tarball that is to be unpacked into a root. The tarball is read once, into memory:
// what is checked is what is unpacked. What is wrong with it is an Error (bad_input); what it would
// need of the root is a fact, for others to judge. Nothing here writes. What takes long comes by a
// checkpoint.

#include <cstdint>
#include <string>
#include <vector>

#include "base/checkpoint.hpp"
#include "host/host.hpp"
#include "release/release_tree.hpp"

namespace relup::host {

// A tarball that may be installed: members allowed, checksums right, the release in it complete.
struct IncomingRelease {
  std::string tarball;
  std::string bytes;
  release::ReleaseTree tree;
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t members = 0;  // files and directories
  bool has_manifest = false;
};

// Reads and checks `tarball`, which must hold release `version`. Error (bad_input) otherwise.
IncomingRelease check_tarball(FileSystem& files, const std::string& tarball,
                              const std::string& version, Checkpoint& checkpoint = no_checkpoint());

// The free bytes that unpacking it takes, with a reserve for logs and for the next attempt.
std::uint64_t needed_bytes(const IncomingRelease& incoming);

// A library that the root has already, under the same version, with another content. The release
// handler would keep the files that are there.
struct OtherLibrary {
  std::string application;           // "shop 1.2.0"
  std::vector<std::string> present;  // its files in the root that the tarball has otherwise
};

// All of them. Only the code and the resource files count: appups may differ, and two .beam files
// are the same where they hold the same code.
std::vector<OtherLibrary> other_libraries(FileSystem& files, const Host& host,
                                          const IncomingRelease& incoming,
                                          Checkpoint& checkpoint = no_checkpoint());

}  // namespace relup::host
