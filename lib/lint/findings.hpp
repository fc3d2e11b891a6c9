// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a rule puts what it finds: diagnostics that carry its code, name and severity.

#include <string>

#include "base/diagnostic.hpp"

namespace relup::lint {

struct Rule;

class Findings {
 public:
  Findings(const Rule& rule, Diagnostics& findings) : rule_(rule), findings_(findings) {}

  // The caller may add notes and a fix to the finding, until it adds the next one.
  Diagnostic& add(const Source& source, Span span, std::string message);
  // About a whole file, or one that does not exist.
  Diagnostic& add(const std::string& file, std::string message);

 private:
  const Rule& rule_;
  Diagnostics& findings_;
};

}  // namespace relup::lint
