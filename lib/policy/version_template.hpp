// SPDX-License-Identifier: Apache-2.0
#pragma once

// Terms of relup.yaml are templates: `${from}` and `${to}` in their strings, binaries and atoms
// stand for the versions of an upgrade. Also here: how a term is rebuilt with other parts.

#include <functional>
#include <string>

#include "term/term.hpp"

namespace relup::policy {

// Everything else in `term` stays as it is, and so do the places of its parts. An atom that would
// become longer than Erlang allows is an Error (bad_input).
Term with_versions(const Term& term, const std::string& from, const std::string& to);

// A list, tuple or map with each of its own parts replaced by what `change` makes of it; any other
// term as it is.
Term with_parts(const Term& term, const std::function<Term(const Term&)>& change);

}  // namespace relup::policy
