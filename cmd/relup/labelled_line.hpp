// SPDX-License-Identifier: Apache-2.0
#pragma once

// A line of what check and status say about a host: a label, then a text. The texts of all lines
// begin in the same column. On a terminal a long text is wrapped within that column; elsewhere it
// stays on one line, so that a search finds the whole of it.

#include <string>

#include "console.hpp"

namespace relup::cmd {

// "running   shop 2.9.4\n". `text` may hold any bytes and several lines.
std::string labelled_line(const std::string& label, const std::string& text,
                          const Console& console);

}  // namespace relup::cmd
