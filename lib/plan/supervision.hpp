// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an upgrade does to supervision trees: `{update, M, supervisor}` calls init/1 again and takes
// its new child list, but starts and stops nobody (supervisor(3), code_change/3). Somebody has to
// write the calls that do; here they are.

#include <vector>

#include "appup/appup.hpp"
#include "appup/instruction.hpp"
#include "diff/release_diff.hpp"

namespace relup::plan {

// The instructions that stop and start the children that went, came, or start otherwise, by their
// real ids. child_order.hpp says where they stand.
struct SupervisionSteps {
  std::vector<appup::Action> stop;
  std::vector<appup::Action> start;
};

// Of one supervisor whose children changed. What cannot be read has a placeholder: NAME for the
// supervisor, SPECIFICATION for a child.
SupervisionSteps supervisor_steps(const facts::ChildrenChange& change, appup::Direction direction);

// Whether supervisor_steps() does anything, and without placeholders.
bool is_written(const diff::ModuleChange& module);

// Those of all supervisors of an application that can be written.
SupervisionSteps supervision_steps(const diff::ApplicationChange& application,
                                   appup::Direction direction);

}  // namespace relup::plan
