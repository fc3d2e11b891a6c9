// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a start of a release would get as far as its applications, tried with the files that are
// there (live/rehearsal.hpp). A release that is still packed is tried by its flags alone, with the
// boot script of the one that runs. Before an install the try goes on beside other looks, and a
// commit takes its answer where nothing that it has looked at is another by then.

#include "host/host.hpp"
#include "live/rehearsal.hpp"

namespace relup::change {

// `release` lies in the root, or is packed; then `boots` is the one whose boot file is taken.
live::RunningRehearsal begin_start(live::AgentVerbs& agent, const host::Host& host,
                                   const release::ReleaseTree& release,
                                   const release::ReleaseTree& boots,
                                   const std::optional<Term>& settings);

// Of a release that lies in the root. `earlier` is what came of it when it was tried before.
live::Rehearsal try_start(live::AgentVerbs& agent, const host::Host& host,
                          const release::ReleaseTree& release, const Term& settings,
                          Interruption& interruption, const live::Rehearsal& earlier);

// "a start of 1.1.0 fails: bad number of schedulers"
std::string failed_start(const std::string& version, const live::Rehearsal& rehearsal);

}  // namespace relup::change
