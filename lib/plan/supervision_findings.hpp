// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is to be said of the supervisors of an application: children that an upgrade neither starts
// nor stops, and init/1 that an update calls a second time.

#include <string>

#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

// `supervision`: warnings for children that came, went or start otherwise, or may and cannot be
// read, and for a supervisor that cannot be updated; notes for what the update takes over; an error
// for an init/1 that cannot take the argument that it will be called with.
// `supervisor-side-effect`: warnings for what init/1 would do a second time. `ebin` is the
// directory of the new modules, for messages. With `generate` only what supervision_steps() cannot
// write is reported.
Diagnostics check_supervision(const diff::ApplicationChange& application, const std::string& ebin,
                              policy::Supervision supervision);

}  // namespace relup::plan
