// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who would be hurt if the files of a release were deleted: whoever boots it, the node that finds
// code there, other nodes of the root that were started from it, and processes of any kind that
// work there or have its files open. What a process only remembers, as a path that it was once
// given, nobody can see.

#include "change/objection.hpp"
#include "change/release_book.hpp"
#include "host/removal.hpp"

namespace relup::change {

// What stands against the removal. An emulator that is still used is no reason: it is taken out of
// `removal`, and stays.
Objections against_deleting(FileSystem& files, live::AgentVerbs& agent, const ReleaseBook& book,
                            const std::string& version, host::Removal& removal);

}  // namespace relup::change
