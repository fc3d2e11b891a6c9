// SPDX-License-Identifier: Apache-2.0
#pragma once

// The release root of a host as it lies on disk, without its node: where things are, which release
// boots. Reading it changes nothing.

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "release/release_tree.hpp"
#include "release/releases_file.hpp"

namespace relup::host {

struct Host {
  std::string root;            // absolute, without symbolic links
  std::string root_origin;     // where it was found, for people
  release::StartErlData boot;  // what starts after a restart of the operating system process
  std::string name;            // of the release that boots, e.g. "shop"

  std::string path(const std::string& relative) const { return join_path(root, relative); }
  std::string releases_file() const { return path("releases/RELEASES"); }
  std::string start_erl_data() const { return path("releases/start_erl.data"); }
  std::string release_directory(const std::string& version) const {
    return path("releases/" + version);
  }
};

// Error (usage) when `root` is no release root.
Host read_host(FileSystem& files, const std::string& root, const std::string& origin);

// What releases/start_erl.data says now. Error (bad_input) when it is not there or not readable.
release::StartErlData read_boot(FileSystem& files, const Host& host);

// The release resource file of an unpacked version, absolute; none when the version is not there.
std::optional<std::string> rel_file_of(FileSystem& files, const Host& host,
                                       const std::string& version);

// An unpacked version with its files. Error (bad_input) when it is not there, or not whole.
release::ReleaseTree release_on(FileSystem& files, const Host& host, const std::string& version);

// Neither unpacked nor in a tarball: Error (usage) that says where to put one.
Error no_such_release(const Host& host, const std::string& version);

// The tarball of `version`: releases/NAME-VERSION.tar.gz or releases/VERSION.tar.gz, or `named`
// when the caller names one; none when there is none.
std::optional<std::string> tarball_of(FileSystem& files, const Host& host,
                                      const std::string& version,
                                      const std::optional<std::string>& named);

}  // namespace relup::host
