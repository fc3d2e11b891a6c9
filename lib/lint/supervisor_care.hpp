// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the entries of an appup leave undone about supervisors (plan/supervision_findings.hpp), at
// the instructions for them.

#include <functional>

#include "lint/rule.hpp"
#include "plan/supervision_findings.hpp"

namespace relup::lint {

// May add to a finding about an instruction.
using AddMore = std::function<void(Diagnostic&, const ParsedInstruction&)>;

void add_supervisor_findings(const UpgradeView& view, plan::SupervisorFinding::Kind kind,
                             Findings& findings, const AddMore& add_more = {});

}  // namespace relup::lint
