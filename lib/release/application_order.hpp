// SPDX-License-Identifier: Apache-2.0
#pragma once

// The order in which the applications of a release start, and the checks that come before it: what
// `systools_make` does between reading the `.app` files and returning a release.

#include "release/resolved_release.hpp"

namespace relup::release {

// Puts `release.applications` into start order. False when a check found something; then `problems`
// holds all that was found, the one that OTP reports first.
bool put_in_start_order(ResolvedRelease& release, Problems& problems);

}  // namespace relup::release
