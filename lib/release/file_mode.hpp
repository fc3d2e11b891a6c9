// SPDX-License-Identifier: Apache-2.0
#pragma once

// The mode of a regular file of a release, in a tarball and in a root.

namespace relup::release {

// Whoever may read the file of mode `mode` may read it still, and run it where anybody may; only
// its owner may write it. So 0600 stays 0600, and 0664 and 0444 are 0644, however it was built.
constexpr unsigned release_mode(unsigned mode) {
  const unsigned readers = 0400U | (mode & 0044U);
  const unsigned runners = (mode & 0111U) != 0 ? readers >> 2U : 0;
  return 0200U | readers | runners;
}

}  // namespace relup::release
