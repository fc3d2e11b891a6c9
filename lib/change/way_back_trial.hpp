// SPDX-License-Identifier: Apache-2.0
#pragma once

// What speaks against going back to a release that has run here before: its script runs code_change
// on live states as every other, and one that fails restarts the node. So it is tried before
// (live/code_trial.hpp), with the settings that it would find. Changes nothing; fails as the line
// does.

#include "change/node_session.hpp"
#include "change/objection.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

// From the release that runs to the other one, by `script`. None where the files of one of them
// cannot be read any more: then nobody can try it.
Objections against_way_back(NodeSession& session, const ChangeTools& tools, const host::Host& host,
                            const host::ScriptSummary& script, const std::string& from,
                            const std::string& to);

}  // namespace relup::change
