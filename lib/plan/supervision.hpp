// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an upgrade does to supervision trees: `{update, M, supervisor}` calls init/1 again and takes
// its new child list, but starts and stops nobody (supervisor(3), code_change/3).

#include "appup/appup.hpp"
#include "appup/instruction.hpp"
#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

// Warnings: `supervision` for children that came or went, or may have and cannot be read, and for a
// supervisor that cannot be updated, `supervisor-side-effect` for what init/1 would do a second
// time. `ebin` is the directory of the new modules, for messages. With `generate` only what
// supervision_steps() cannot write is reported.
Diagnostics check_supervision(const diff::ApplicationChange& application, const std::string& ebin,
                              policy::Supervision supervision);

// Whether supervision_steps() has instructions for a change of children: not where the supervisor
// has no name that can be read, nor where init/1 does not list the children.
bool is_written(const diff::ModuleChange& module);

// The instructions that stop and start the children that went and came, by their real ids.
// child_order.hpp says where they stand.
struct SupervisionSteps {
  std::vector<appup::Action> stop;
  std::vector<appup::Action> start;
};
SupervisionSteps supervision_steps(const diff::ApplicationChange& application,
                                   appup::Direction direction);

}  // namespace relup::plan
