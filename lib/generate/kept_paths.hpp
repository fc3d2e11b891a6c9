// SPDX-License-Identifier: Apache-2.0
#pragma once

// Code that asks where its application lies (code:priv_dir/1, code:lib_dir/1). What a process keeps
// of the answer goes on leading to the files of the old version after a change. Nobody can see that
// from outside; so it is told, for whoever wants to remove the old release.

#include <string>
#include <vector>

#include "generate/bases.hpp"
#include "generate/finding_list.hpp"

namespace relup::generate {

// A sentence for each application that changes its version and has such code.
std::vector<std::string> kept_path_notes(const release::ReleaseTree& from,
                                         const release::ReleaseTree& to);

// The same as notes (rule `kept-path`).
void report_kept_paths(const Bases& bases, const release::ReleaseTree& new_release,
                       FindingList& findings);

}  // namespace relup::generate
