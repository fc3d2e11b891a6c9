// SPDX-License-Identifier: Apache-2.0
#pragma once

// What rules and the compiler found, made into one list: nothing twice, and in the order in which
// people read it. A tree may have thousands of files, so none of this compares each finding with
// every other.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"

namespace relup::lint {

// Adds what the compiler found, without those findings that belong to a rule which itself found
// something in that place or in a part of it: the rule says more.
void add_compiler_findings(Diagnostics compiler_findings, Diagnostics& findings);

// Of findings of one rule that say the same of one place, only the first one is kept.
void drop_repetitions(Diagnostics& findings);

// In the order of `files`, then by name where a file is not among them; in one file by place, then
// by the code of the rule, and else as they were.
void sort_by_place(const std::vector<std::string>& files, Diagnostics& findings);

}  // namespace relup::lint
