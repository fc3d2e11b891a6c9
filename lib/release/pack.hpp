// SPDX-License-Identifier: Apache-2.0
#pragma once

// Packs one release of a root into a tarball that OTP's release handler takes and that relup can
// check: the applications of the release, its ERTS, everything in releases/VSN, and the `.rel` file
// under the name that unpack_release/1 looks for. What would break an upgrade stays out:
// start_erl.data, RELEASES and COOKIE belong to the host. The same tree gives the same bytes.
// `releases/VSN/SHA256SUMS` lists a digest of every other member (sha256sum(1) reads it).

#include <string>

#include "base/file_system.hpp"
#include "release/release_tree.hpp"
#include "release/signature.hpp"

namespace relup::release {

struct Packed {
  std::size_t members = 0;
  bool has_relup = false;  // without one the tarball serves for a first install only
};

// `tree` is of a root, or of a tarball that was read with KeptContent::everything.
// With a key the tarball is signed (signature.hpp).
Packed pack_release(FileSystem& files, const ReleaseTree& tree, const std::string& tarball,
                    const SigningKey* key = nullptr);

// The member that holds the digests of a release.
std::string manifest_path(const std::string& version);

}  // namespace relup::release
