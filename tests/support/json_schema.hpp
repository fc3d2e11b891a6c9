// SPDX-License-Identifier: Apache-2.0
#pragma once

// The schemas of schemas/, for tests. valijson does the work; it knows the keywords of 2020-12 that
// draft 7 had too, and passes over others without a word, so a test of ours holds the schemas to
// those that it knows.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace relup::support {

nlohmann::json read_schema(const std::string& name);  // "diff.schema.json"

// What is wrong with `document` by the schema of that name, one sentence each; empty when it is
// valid. A schema that is missing or broken is a std::runtime_error.
std::vector<std::string> schema_faults(const std::string& name, const nlohmann::json& document);

}  // namespace relup::support
