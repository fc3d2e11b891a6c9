// SPDX-License-Identifier: Apache-2.0
#pragma once

// REF of the command line: what names one release. `ROOT` is a release root, and means the version
// in its `releases/start_erl.data` or the only one there; `ROOT@VSN` picks a version; `TARBALL` is
// read without unpacking it. A root is laid out as systools, relx or Mix leave it. What does not
// lead to exactly one release is an Error (bad_input) that says what is there and what would be
// right.

#include <memory>
#include <string>
#include <vector>

#include "release/release_files.hpp"
#include "release/tarball.hpp"

namespace relup::release {

struct ReleaseReference {
  std::shared_ptr<const ReleaseFiles> files;
  std::string version;
  std::string rel_path;  // the release resource file, relative to the root
};

// `files` must outlive the result. `kept` is of a tarball.
ReleaseReference resolve_reference(FileSystem& files, const std::string& text,
                                   KeptContent kept = KeptContent::what_is_looked_into);

// The versions that have a release resource file, sorted.
std::vector<std::string> versions_in(const ReleaseFiles& files);

// Where the release resource file of `version` is: `releases/VSN/NAME.rel`,
// `releases/VSN/NAME-VSN.rel`, `releases/NAME-VSN.rel` or `releases/NAME.rel`, the first that holds
// this version. The `.rel` files of boot scripts without the applications (`start_clean`,
// `no_dot_erlang`) are none.
std::string find_rel_file(const ReleaseFiles& files, const std::string& version);

}  // namespace relup::release
