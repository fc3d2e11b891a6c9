// SPDX-License-Identifier: Apache-2.0
#include "generate/finding_list.hpp"

#include <algorithm>

namespace relup::generate {

void FindingList::add(Diagnostic finding) {
  const auto severity = policy_.severity(finding.rule, finding.severity, finding.code);
  if (!severity) return;
  finding.severity = *severity;
  add_fault(std::move(finding));
}

void FindingList::add(Diagnostics findings) {
  for (Diagnostic& finding : findings)
    add(std::move(finding));
}

void FindingList::add_fault(Diagnostic fault) {
  const bool is_new =
      known_.emplace(fault.rule, fault.file, fault.span.begin, fault.span.end, fault.message)
          .second;
  if (is_new) findings_.push_back(std::move(fault));
}

Diagnostics FindingList::take() {
  std::stable_partition(findings_.begin(), findings_.end(),
                        [](const auto& each) { return each.severity == Severity::error; });
  return std::move(findings_);
}

Diagnostic make_finding(const char* rule, Severity severity, std::string message) {
  Diagnostic finding;
  finding.rule = rule;
  finding.severity = severity;
  finding.message = std::move(message);
  return finding;
}

}  // namespace relup::generate
