// SPDX-License-Identifier: Apache-2.0
#pragma once

// A diagnostic as JSON (schemas/diagnostic.schema.json): rule, severity, message, file, line and
// column from 1, byte offsets, notes, and `otp` where OTP would have raised an error. A warning
// carries OTP's term as `otp_warning`. A finding that relup can mend has a `fix`.

#include "base/diagnostic.hpp"
#include "base/json.hpp"

namespace relup {

Json to_json(const Diagnostic& diagnostic);
Json to_json(const Diagnostics& diagnostics);

}  // namespace relup
