// SPDX-License-Identifier: Apache-2.0
#include "lint/findings.hpp"

#include "lint/rule.hpp"

namespace relup::lint {

Diagnostic& Findings::add(const Source& source, Span span, std::string message) {
  Diagnostic& finding = add(source->name(), std::move(message));
  finding.source = source;
  finding.span = span;
  return finding;
}

Diagnostic& Findings::add(const std::string& file, std::string message) {
  Diagnostic finding;
  finding.rule = rule_.name;
  finding.code = rule_.code;
  finding.severity = rule_.severity;
  finding.message = std::move(message);
  finding.file = file;
  return findings_.emplace_back(std::move(finding));
}

}  // namespace relup::lint
