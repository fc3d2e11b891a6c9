// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is to be said of the supervisors of an application: children that an upgrade neither starts
// nor stops, and init/1 that an update calls a second time.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"
#include "plan/supervision_care.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

struct SupervisorFinding {
  enum class Kind {
    children,     // came, went or start otherwise, and nobody sees to it
    only_loaded,  // so that what it lists now is not taken over
    settings,     // that the update takes over
    argument,     // another one than that of its start, with which init/1 is called
    unread,       // its children may be others, and cannot be read
    not_updated,  // a process besides, without code_change
    side_effect,  // that init/1 has a second time
  };
  Kind kind = Kind::children;
  Severity severity = Severity::warning;
  std::string message = {};
  std::vector<std::string> notes = {};
};

// Of one module that changed, where instructions do that about it.
std::vector<SupervisorFinding> supervisor_findings(const diff::ModuleChange& module,
                                                   const SupervisorCare& care);

// `supervision`: warnings for children that came, went or start otherwise, or may and cannot be
// read, and for a supervisor that cannot be updated; notes for what the update takes over; an error
// for an init/1 that cannot take the argument that it will be called with.
// `supervisor-side-effect`: warnings for what init/1 would do a second time. `ebin` is the
// directory of the new modules, for messages. With `generate` only what supervision_steps() cannot
// write is reported.
Diagnostics check_supervision(const diff::ApplicationChange& application, const std::string& ebin,
                              policy::Supervision supervision);

}  // namespace relup::plan
