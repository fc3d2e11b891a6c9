// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who a root belongs to, as far as a node of another user can be hindered by it. The node writes
// RELEASES and start_erl.data in place, and the settings of a release into its folder; so all of
// these have to belong to the node's user, or be open to it. That user is taken to be the owner of
// releases/, for which its node is known to work.

#include <optional>
#include <string>

#include "base/user.hpp"
#include "host/host.hpp"

namespace relup::host {

// As whom to work on a root, when `caller` does. Root works as the user of the node, or where no
// node was seen, as the owner of the root; anybody else works as himself. None: as the caller.
std::optional<User> user_to_become(FileSystem& files, const std::string& root, std::uint32_t caller,
                                   const std::optional<User>& node);

// RELEASES and start_erl.data become files of the caller where they belong to somebody else than
// releases/ does and its owner may not write them: an earlier change by root has left them so.
void take_over_files(FileSystem& files, const Host& host);

// A folder that belongs to somebody else than the one that it is in does.
struct ForeignFolder {
  std::string path;
  std::uint32_t owner = 0;
  std::uint32_t owner_above = 0;  // who may not write there
};

// Whether the folder at `path` is such a one; none where it is not there, or may be written.
std::optional<ForeignFolder> foreign_folder(FileSystem& files, const std::string& path);

}  // namespace relup::host
