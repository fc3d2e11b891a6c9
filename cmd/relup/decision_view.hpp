// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why generated scripts are as they are: a text for people who ask with -v, and members of the JSON
// (schemas/generate.schema.json).

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/diagnostic_text.hpp"
#include "generate/generate_upgrade.hpp"

namespace relup::cmd {

std::string decisions_text(const std::vector<generate::DecidedEntry>& entries,
                           const TextStyle& style);
nlohmann::ordered_json decisions_json(const std::vector<generate::DecidedEntry>& entries);

}  // namespace relup::cmd
