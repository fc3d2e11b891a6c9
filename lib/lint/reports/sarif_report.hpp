// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lint found, as SARIF 2.1.0, within what GitHub code scanning takes: 25,000 results (the most
// severe ones where there are more), 20 tags a rule, and a place for each. Findings that are about
// no file are notifications of the run.

#include <cstddef>
#include <string>

#include "base/diagnostic.hpp"
#include "base/json.hpp"

namespace relup::lint {

struct SarifRun {
  std::string version;    // of relup
  std::string directory;  // the working directory; places are relative to it
  std::size_t most_results = 25'000;
};

Json sarif_report(const Diagnostics& findings, const SarifRun& run);

}  // namespace relup::lint
