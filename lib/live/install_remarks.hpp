// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the agent has seen during an install that the release handler says nothing of
// (node/agent/relup_agent_remarks.erl): config_change/3 that did not do its work, and what the
// logger has lost.

#include <string>
#include <vector>

#include "term/term.hpp"

namespace relup::live {

// Sentences, from the result of an install: {ok, From, Description, [Remark]}. None of another one.
std::vector<std::string> sentences_of_remarks(const Term& result);

}  // namespace relup::live
