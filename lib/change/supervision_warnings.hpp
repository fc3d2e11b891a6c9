// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the script of a change leaves undone about supervisors, in the words of `generate`
// (plan/supervision_findings.hpp).

#include "change/live_data_findings.hpp"
#include "diff/release_diff.hpp"

namespace relup::change {

// `application` changes its version on the way of the script.
void add_supervision_warnings(const diff::ApplicationChange& application,
                              const host::ScriptSummary& script, LiveDataFindings& found);

}  // namespace relup::change
