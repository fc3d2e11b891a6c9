// SPDX-License-Identifier: Apache-2.0
#pragma once

// What has to be right on the node before a script runs. Where it is not, an Error (answer_is_no)
// says who is in the way and what to do.

#include "change/node_session.hpp"
#include "host/relup_file.hpp"
#include "live/loaded_code.hpp"
#include "release/release_tree.hpp"

namespace relup::change {

// Those of `modules` whose old code is still in use, once nobody leaves it any more or `patience`
// is over.
std::vector<live::OldCode> wait_for_old_code(NodeSession& session, Clock& clock,
                                             const std::vector<Atom>& modules,
                                             Milliseconds patience);

// The release handler refuses old code in use at once and for one module; this waits for those who
// are about to leave, names all that do not, and who is in their way.
void refuse_if_old_code_in_use(NodeSession& session, Clock& clock,
                               const host::ScriptSummary& script);

// Whether the script changes what differs, so that the difference is in its way.
bool is_in_the_way(const live::MemoryDifference& difference, const host::ScriptSummary& script);

// Code and state are changed by what leads from `from`; on other code that does harm.
void refuse_if_unproved(NodeSession& session, const release::ReleaseTree& from,
                        const host::ScriptSummary& script);

// The release handler passes over a process that cannot be suspended (suspend_probe.hpp).
void refuse_if_busy(NodeSession& session, const host::ScriptSummary& script);

}  // namespace relup::change
