// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lint found, as the document of schemas/lint.schema.json.

#include "base/json.hpp"
#include "lint/lint.hpp"

namespace relup::lint {

// `fixed` is how many fixes were made, `version` that of relup.
Json json_report(const LintResult& result, std::size_t fixed, std::string_view version);

}  // namespace relup::lint
