// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lint found, as workflow commands of GitHub Actions: one line each, which GitHub shows beside
// the lines of a change.

#include <string>

#include "base/diagnostic.hpp"

namespace relup::lint {

std::string github_report(const Diagnostics& findings);

}  // namespace relup::lint
