// SPDX-License-Identifier: Apache-2.0
#include "lint/border_test.hpp"

#include <algorithm>
#include <stdexcept>

#include "lint/example.hpp"

namespace relup::lint {
namespace {

Diagnostics lint_border(const std::string& fixture, const std::string& group,
                        const Border& border) {
  Diagnostics findings = lint_against(fixture, appup_of(border));
  std::erase_if(findings, [&](const auto& each) { return !each.code.starts_with(group); });
  return findings;
}

}  // namespace

std::string appup_of(const Border& border) {
  return "{\"2.0\",\n [{\"1.0\", [" + std::string(border.up) + "]}],\n [{\"1.0\", [" + border.down +
         "]}]}.\n";
}

std::vector<std::string> findings_of(const std::string& fixture, const std::string& group,
                                     const Border& border) {
  std::vector<std::string> lines;
  for (const Diagnostic& finding : lint_border(fixture, group, border)) {
    lines.push_back(finding.code + " " + std::string(to_string(finding.severity)) + ": " +
                    finding.message);
  }
  return lines;
}

std::string fixed_appup(const std::string& fixture, const std::string& group,
                        const Border& border) {
  std::string text = appup_of(border);
  for (const Diagnostic& finding : lint_border(fixture, group, border)) {
    if (!finding.fix) continue;
    for (const Edit& edit : finding.fix->edits)
      text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
    return text;
  }
  throw std::runtime_error("nothing of " + group + " has a fix");
}

}  // namespace relup::lint
