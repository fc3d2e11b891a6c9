// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release in a tarball that is to be unpacked into a root. The tarball is opened once and checked
// from its beginning to its end, with little of it in memory (incoming_memory); whoever unpacks it
// reads the same open file, and compares its digest with that of what was checked. What is wrong
// with it is an Error (bad_input); what it would need of the root is a fact, for others to judge.
// Nothing here writes. What takes long comes by a checkpoint.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/checkpoint.hpp"
#include "host/host.hpp"
#include "release/release_tree.hpp"

namespace relup::host {

// How much of what is looked into is kept in memory.
constexpr std::uint64_t incoming_memory = 24U << 20U;

// A tarball that may be installed: members allowed, checksums right, the release in it complete.
struct IncomingRelease {
  std::string tarball;
  std::shared_ptr<const ReadableFile> file;
  std::string digest;  // release::ArchiveReader
  release::ReleaseTree tree;
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t members = 0;  // files and directories
  bool has_manifest = false;
  std::string signed_by;  // the file of the key; empty where no signature was asked for
};

// Reads and checks `tarball`, which must hold release `version`, and be signed with one of
// `trusted_keys` (files) where there are any. Error (bad_input) otherwise.
IncomingRelease check_tarball(FileSystem& files, const std::string& tarball,
                              const std::string& version, Checkpoint& checkpoint = no_checkpoint(),
                              const std::vector<std::string>& trusted_keys = {});

// The free bytes that unpacking it takes, with a reserve for logs and for the next attempt.
std::uint64_t needed_bytes(const IncomingRelease& incoming);

// A library that the root has already, under the same version, with another content. The release
// handler would keep the files that are there.
struct OtherLibrary {
  std::string application;           // "shop 1.2.0"
  std::string directory;             // "lib/shop-1.2.0"
  std::vector<std::string> present;  // its files in the root that the tarball has otherwise
};

// All of them. Only the code and the resource files count: appups may differ, and two .beam files
// are the same where they hold the same code.
std::vector<OtherLibrary> other_libraries(FileSystem& files, const Host& host,
                                          const IncomingRelease& incoming,
                                          Checkpoint& checkpoint = no_checkpoint());

// Whether the root has what the tarball would put there: by the manifests where both have one, for
// what a host has made of its files since does not count; else file by file.
bool is_unpacked(FileSystem& files, const Host& host, const IncomingRelease& incoming);

}  // namespace relup::host
