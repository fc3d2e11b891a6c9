// SPDX-License-Identifier: Apache-2.0
#pragma once

// A YAML text as the JSON document that an editor holds against a JSON Schema.

#include <string>

#include <nlohmann/json.hpp>

namespace relup::policy {

// Plain words are null, booleans and integers as YAML 1.2 has them; everything else is text. Of a
// repeated key the last value stays. A text that is no YAML is a std::runtime_error.
nlohmann::json yaml_as_json(const std::string& text);

}  // namespace relup::policy
