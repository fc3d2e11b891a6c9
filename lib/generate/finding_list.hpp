// SPDX-License-Identifier: Apache-2.0
#pragma once

// What generate finds, each finding once and with the severity that the policy gives it. Several
// bases meet the same fault of one file again and again.

#include <set>
#include <string>
#include <tuple>

#include "policy/policy.hpp"

namespace relup::generate {

class FindingList {
 public:
  // `policy` must outlive this.
  explicit FindingList(const policy::Policy& policy) : policy_(policy) {}

  void add(Diagnostic finding);
  void add(Diagnostics findings);
  // The severity that it has stays.
  void add_fault(Diagnostic fault);

  bool has_errors() const { return relup::has_errors(findings_); }

  // Errors first, the rest as it was found.
  Diagnostics take();

 private:
  // Rule, file, place, message.
  using Identity = std::tuple<std::string, std::string, std::uint32_t, std::uint32_t, std::string>;

  const policy::Policy& policy_;
  Diagnostics findings_;
  std::set<Identity> known_;
};

// One that is about no file.
Diagnostic make_finding(const char* rule, Severity severity, std::string message);

}  // namespace relup::generate
