// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a fix did good: lint finds less than before, and nothing new.

#include <string>

#include "base/diagnostic.hpp"

namespace relup::lint {

// Why the findings `after` a fix are not simply better than those `before`, in words for the
// person who asked for the fix; empty when they are. Lines move while a file is mended, and
// messages may name lines. So a finding is known when one before said the same, or else when one
// of the same rule marked the same text.
std::string objection(const Diagnostics& before, const Diagnostics& after);

}  // namespace relup::lint
