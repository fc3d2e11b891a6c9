// SPDX-License-Identifier: Apache-2.0
#pragma once

// The allowances of all files of one run: which findings they cover, and which of them nothing
// needs. A rule that wants releases has looked only at the entries that were told to
// `add_looked_at`.

#include <map>
#include <string>
#include <vector>

#include "lint/allowance.hpp"

namespace relup::lint {

class AllowanceBook {
 public:
  void add(Source source, std::vector<Allowance> allowances);
  // An entry of an appup that was held against releases, by its script, too.
  void add_looked_at(const Source& source, Span entry);

  // Takes from `findings` those that are allowed, and returns how many these were.
  std::size_t take_allowed(Diagnostics& findings);
  // Adds what is wrong with the allowances themselves, once `take_allowed` has been called.
  void report(Diagnostics& findings) const;

 private:
  struct File {
    Source source;
    std::vector<Allowance> allowances;
    std::vector<Span> looked_at;
  };

  bool allows(const Diagnostic& finding);
  static bool was_looked_for(const Rule& rule, const File& file, std::uint32_t line);

  std::map<std::string, File> files_;
};

}  // namespace relup::lint
