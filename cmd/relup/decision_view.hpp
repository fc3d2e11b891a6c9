// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why generated scripts are as they are: a text for people who ask with -v, and members of the JSON
// (schemas/generate.schema.json).

#include <string>
#include <vector>

#include "base/diagnostic_text.hpp"
#include "base/json.hpp"
#include "generate/generate.hpp"

namespace relup::cmd {

std::string decisions_text(const std::vector<generate::DecidedEntry>& entries,
                           const TextStyle& style);
Json decisions_json(const std::vector<generate::DecidedEntry>& entries);

}  // namespace relup::cmd
