// SPDX-License-Identifier: Apache-2.0
#pragma once

// docs/reliability.md, whose tables are written by the tests that measure them. A table stands
// between `<!-- NAME -->` and `<!-- /NAME -->`; a test owns some of its rows. With
// RELUP_WRITE_TABLES=1 (scripts/reliability) a row is replaced, or added at the end; else it is
// only looked whether the page has such a table, with as many columns: if not, the test has failed.

#include <string>
#include <vector>

namespace relup::support {

void tell_reliability(const std::string& table, const std::string& row,
                      const std::vector<std::string>& cells);

}  // namespace relup::support
