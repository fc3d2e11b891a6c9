// SPDX-License-Identifier: Apache-2.0
#pragma once

// A diagnostic as JSON (schemas/diagnostic.schema.json): rule, severity, message, file, line and
// column from 1, byte offsets, notes, and `otp` where OTP would have raised an error. A warning
// carries OTP's term as `otp_warning`. A finding that relup can mend has a `fix`.

#include <nlohmann/json_fwd.hpp>

#include "base/diagnostic.hpp"

namespace relup {

nlohmann::ordered_json to_json(const Diagnostic& diagnostic);
nlohmann::ordered_json to_json(const Diagnostics& diagnostics);

// The document as text that is valid UTF-8 whatever the strings in it hold.
std::string dump(const nlohmann::ordered_json& document, int indentation = 2);

}  // namespace relup
