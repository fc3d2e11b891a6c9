// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which modules the entry of an appup must name, held against what differs between two releases:
// one that was forgotten goes on with old code, or is called and not there. For the check of edited
// appups and for the linter.

#include <functional>
#include <vector>

#include "diff/release_diff.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

// Whether a module must be loaded or taken away: its code changed, or it came or went.
bool needs_instruction(const diff::ModuleChange& module);

// Whether nothing differs but attributes, which the node does not look at: those of the module's
// own author, say.
bool differs_in_attributes_only(const diff::ModuleChange& module);

// Those of `application` that need an instruction, have none by `is_named`, and are not left alone
// by `policy`.
std::vector<const diff::ModuleChange*> missed_modules(const diff::ApplicationChange& application,
                                                      const std::function<bool(Atom)>& is_named,
                                                      const policy::Policy& policy);

}  // namespace relup::plan
