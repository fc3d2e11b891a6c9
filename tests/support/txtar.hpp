// SPDX-License-Identifier: Apache-2.0
#pragma once

// Several small files in one text: a line `-- NAME --` begins each; what stands before
// the first one is a comment. A name may be followed by `(no final newline)` or `(base64)`. A text
// that is none is a test failure by exception.

#include <map>
#include <string>

namespace relup::support {

// Path to content.
using TxtarFiles = std::map<std::string, std::string>;

TxtarFiles read_txtar(const std::string& text);

}  // namespace relup::support
