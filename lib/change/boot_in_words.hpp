// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is wrong with the files that decide which release boots (host/boot_findings.hpp), as a
// sentence for the operator.

#include <string>

#include "host/boot_findings.hpp"

namespace relup::change {

// "releases/RELEASES is empty"; `name` is that of the release.
std::string sentence_of(const host::BootFinding& finding, const std::string& name);

// The same with what will be done about it, where `permanent` is the release that should boot:
// "releases/RELEASES is empty: it is written anew before the next change".
std::string sentence_with_repair(const host::BootFinding& finding, const std::string& name,
                                 const std::string& permanent);

// Whether writing RELEASES again is what repairs it.
bool is_about_releases(const host::BootFinding& finding);

}  // namespace relup::change
