// SPDX-License-Identifier: Apache-2.0
#pragma once

// The relup, compiled from the appups: a script up and one down for each base, and in them what no
// appup can say: soft purges (soften.hpp), when applications start and stop
// (application_order.hpp), protocols (protocol_switch.hpp), what the policy wants
// of the release as a whole (release_wishes.hpp).

#include "generate/bases.hpp"
#include "generate/finding_list.hpp"
#include "generate/generate_upgrade.hpp"
#include "generate/generated_appups.hpp"
#include "relup/script.hpp"

namespace relup::generate {

// What does not compile goes to `findings`; it has no entry then.
Relup make_relup(const GenerateRequest& request, const Bases& bases, GeneratedAppups& appups,
                 FindingList& findings);

}  // namespace relup::generate
