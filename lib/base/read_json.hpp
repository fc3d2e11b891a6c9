// SPDX-License-Identifier: Apache-2.0
#pragma once

// A JSON text as a document, for what relup has written itself and reads again. What a document
// (base/json.hpp) cannot hold, that is a number that is no 64-bit integer, is read as null.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace relup {

// None where `text` is no JSON, or is nested deeper than anything of ours.
std::optional<Json> read_json(std::string_view text);

// The member of an object; null where `json` is none, or has none of that name.
const Json* member_of(const Json& json, std::string_view key);

// The value of a member; empty, 0 or false where there is none of that type.
std::string text_in(const Json& json, std::string_view key);
std::int64_t number_in(const Json& json, std::string_view key);
bool flag_in(const Json& json, std::string_view key);
// The texts of an array.
std::vector<std::string> texts_in(const Json& json, std::string_view key);

}  // namespace relup
