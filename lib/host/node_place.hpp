// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a node that answers runs from this root. A copy of a root answers under the same name, a
// root may have been moved under a node that runs, and a node in a container names its root
// otherwise than we do. So folders are compared by their identity, not by their paths. What a node
// tells of itself is a plain value here; nothing is asked, and nothing fails.

#include <optional>
#include <string>

#include "host/host.hpp"

namespace relup::host {

// A folder as the node sees it.
struct NodeFolder {
  std::string path;
  std::optional<FileIdentity> identity;  // none where there is no such folder
};

struct NodePlace {
  std::string name;                    // of the boot script (init:script_id/0)
  std::string version;                 // the same
  NodeFolder named;                    // the path of our root
  NodeFolder root;                     // what the release runs from
  NodeFolder emulator;                 // code:root_dir/0
  std::optional<NodeFolder> releases;  // where the release handler works; none while it is busy
};

enum class NodeRoot {
  this_one,
  another,
  gone,  // what it was started from is not there any more
};

NodeRoot root_of(FileSystem& files, const Host& host, const NodePlace& place);

// Where the release handler of a node of this root keeps releases.
enum class ReleasesFolder {
  of_this_root,
  of_otp,           // it runs on the system's OTP, whose folder is the default
  of_another_root,  // its emulator is that of another release
  chosen,           // by RELDIR or sasl's releases_dir
  unknown,          // it is busy
};

ReleasesFolder releases_folder_of(FileSystem& files, const Host& host, const NodePlace& place);

// The root of the host as the node names it.
std::string root_on_node(const Host& host, const NodePlace& place);

}  // namespace relup::host
