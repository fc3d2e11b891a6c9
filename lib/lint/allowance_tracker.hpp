// SPDX-License-Identifier: Apache-2.0
#pragma once

// The allowances of all files of one run: takes out the findings that they cover, and keeps track
// of which of them were needed. A rule that wants releases has looked only at the entries that
// `add_looked_at` was told of.

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "lint/allowance.hpp"

namespace relup::lint {

class AllowanceTracker {
 public:
  void add(Source source, std::vector<Allowance> allowances);
  // An entry of an appup that was checked against releases, its script too.
  void add_looked_at(const Source& source, Span entry);

  // Takes from `findings` those that are allowed, and returns how many these were. After it, every
  // allowance knows whether it is needed.
  std::size_t take_allowed(Diagnostics& findings);
  // Adds what is wrong with the allowances themselves; after `take_allowed`.
  void check(Diagnostics& findings) const;

 private:
  struct File {
    Source source;
    std::vector<Allowance> allowances;
    std::unordered_multimap<std::uint32_t, std::size_t> by_line = {};  // indices of `allowances`
    std::set<std::pair<std::uint32_t, std::uint32_t>> looked_at = {};  // first and last lines
  };

  bool allows(const Diagnostic& finding);
  static bool was_looked_for(const Rule& rule, const File& file, std::uint32_t line);

  std::map<std::string, File> files_;
};

}  // namespace relup::lint
