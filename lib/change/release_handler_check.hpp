// SPDX-License-Identifier: Apache-2.0
#pragma once

// What OTP's release handler itself says of an install (check_install_release/1). It is asked last:
// it stops at the first fault that it finds, and knows only releases that it was told of. Its check
// runs what the script has before its point of no return, so it is no mere look where that calls
// functions.

#include "change/objections.hpp"

namespace relup::change {

// Asks about the change of `view`. Only for a release that the release handler knows, and only
// where asking changes nothing: a call in the script makes this a note instead.
Objections refused_by_release_handler(const NodeView& view);

}  // namespace relup::change
