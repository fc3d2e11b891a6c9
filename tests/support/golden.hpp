// SPDX-License-Identifier: Apache-2.0
#pragma once

// Expected texts that are kept in files below testdata/. With RELUP_UPDATE_GOLDEN=1 in the
// environment a test writes the file instead of comparing; look at the difference before you commit
// it.

#include <string>

namespace relup::support {

// `name` is a path below testdata/. Adds a test failure when `actual` is not the file's content.
void expect_golden(const std::string& name, const std::string& actual);

}  // namespace relup::support
