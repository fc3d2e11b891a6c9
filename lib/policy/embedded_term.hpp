// SPDX-License-Identifier: Apache-2.0
#pragma once

// Erlang terms in the strings of relup.yaml. A full stop at their end is optional. The terms know
// their places in relup.yaml, and so do the faults of what is none.

#include <optional>
#include <string_view>
#include <vector>

#include "policy/faults.hpp"
#include "term/term.hpp"

namespace relup::policy {

// The one term in `node`; none after a fault. `what` names the node in messages.
std::optional<Term> read_term(const YamlNode& node, std::string_view what, Faults& faults);

// The terms of a string, or of a list of strings. An Erlang list stands for its elements.
std::vector<Term> read_terms(const YamlNode& node, std::string_view what, Faults& faults);

}  // namespace relup::policy
