// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the state of live processes survives an upgrade: where its shape changed, code_change of
// the new module must turn the old shape into the new one, or the next callback crashes.

#include <string>

#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"

namespace relup::plan {

// Why code_change of the new module will not do for the state of live processes, in words: "its
// code_change returns the state as it was". Empty when it may, and where the state kept its shape.
std::string state_fault(const diff::ModuleChange& module);

// An error (rule `state-change`) for each module of `application` whose state changed its shape
// while its code_change is missing, keeps the state as it is, or surely knows nothing of the new
// fields. A warning (rule `behaviour-change`) for each one whose processes are of another kind now.
// `ebin` is the directory of the new modules, for messages.
Diagnostics check_states(const diff::ApplicationChange& application, const std::string& ebin);

}  // namespace relup::plan
