// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lint found, as the document of schemas/lint.schema.json.

#include <nlohmann/json_fwd.hpp>

#include "lint/lint.hpp"

namespace relup::lint {

// `fixed` is how many fixes were made, `version` that of relup.
nlohmann::ordered_json json_report(const LintResult& result, std::size_t fixed,
                                   std::string_view version);

}  // namespace relup::lint
