// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why a generated appup has the instructions that it has: as a text for people, who ask for it with
// -v, and as the `decisions` of the JSON document (schemas/generate.schema.json).

#include <string>
#include <vector>

#include "base/diagnostic_text.hpp"
#include "base/json.hpp"
#include "generate/generate_upgrade.hpp"

namespace relup::cmd {

std::string decisions_text(const std::vector<generate::DecidedEntry>& entries,
                           const TextStyle& style);
Json decisions_json(const std::vector<generate::DecidedEntry>& entries);

}  // namespace relup::cmd
