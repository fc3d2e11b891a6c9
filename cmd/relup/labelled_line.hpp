// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is told of a host: a label, and what there is to say of it, in a column. On a terminal a
// long text goes on below itself; elsewhere a line stays one line, for those who search in it.

#include <string>

#include "console.hpp"

namespace relup::cmd {

// "running   shop 2.9.4\n". `text` may hold anything and may have lines of its own.
std::string labelled_line(const std::string& label, const std::string& text,
                          const Console& console);

}  // namespace relup::cmd
