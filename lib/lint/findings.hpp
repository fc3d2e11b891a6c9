// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a rule found: diagnostics that carry its code, name and severity. Rules add to it, nobody
// takes anything away.

#include <string>

#include "base/diagnostic.hpp"

namespace relup::lint {

struct Rule;

class Findings {
 public:
  Findings(const Rule& rule, Diagnostics& findings) : rule_(rule), findings_(findings) {}

  // The caller may add notes and a fix to what is returned, until it adds the next finding.
  Diagnostic& add(const Source& source, Span span, std::string message);
  // About a file as a whole, or one that is not there.
  Diagnostic& add(const std::string& file, std::string message);

 private:
  const Rule& rule_;
  Diagnostics& findings_;
};

}  // namespace relup::lint
