// SPDX-License-Identifier: Apache-2.0
#pragma once

// The first stage of translation. Each script is expanded and cut at its point of no return; a
// script without one comes after it as a whole. The parts before the point are joined, and so are
// those after it, then every instruction is read. Before the point only load_object_code and apply
// may stand; a load_object_code after it is moved before it.

#include "relup/translate.hpp"

namespace relup {

struct MergedScript {
  Script before;  // the point of no return
  Script after;
};

MergedScript merge_scripts(const std::vector<AppupScript>& scripts, Problems& problems);

// The checks that need the whole merge: object code for every load, suspend against resume, start
// against stop.
void check_merged_script(const MergedScript& script, Problems& problems);

Problem instruction_problem(std::string rule, const appup::Instruction& instruction,
                            std::string message, Term reason);

}  // namespace relup
