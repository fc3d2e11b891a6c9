// SPDX-License-Identifier: Apache-2.0
#pragma once

// The first stage of translation. Each script is expanded and cut at its point of no return
// (without one, all of it stands behind); the fronts and the rears are joined, then every
// instruction is read. In front only load_object_code and apply may stand; a load_object_code
// behind is moved to the front.

#include "relup/translate.hpp"

namespace relup {

struct MergedScript {
  Script before;  // the point of no return
  Script after;
};

MergedScript merge_scripts(const std::vector<AppupScript>& scripts, release::Problems& problems);

// The checks that need the whole merge: object code for every load, suspend against resume, start
// against stop.
void check_merged_script(const MergedScript& script, release::Problems& problems);

release::Problem instruction_problem(std::string rule, const appup::Instruction& instruction,
                                     std::string message, Term reason);

}  // namespace relup
