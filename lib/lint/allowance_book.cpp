// SPDX-License-Identifier: Apache-2.0
#include "lint/allowance_book.hpp"

#include <algorithm>

#include "lint/rule_list.hpp"

namespace relup::lint {
namespace {

bool needs_releases(const Rule& rule) {
  return rule.check_upgrade != nullptr || rule.check_script != nullptr ||
         !rule.compiler_rules.empty();
}

bool has_line(const SourceText& source, Span span, std::uint32_t line) {
  return source.position(span.begin).line <= line && line <= source.position(span.end).line;
}

}  // namespace

void AllowanceBook::add(Source source, std::vector<Allowance> allowances) {
  if (allowances.empty()) return;
  const std::string name = source->name();
  files_[name] = {std::move(source), std::move(allowances), {}};
}

void AllowanceBook::add_looked_at(const Source& source, Span entry) {
  const auto file = files_.find(source->name());
  if (file != files_.end()) file->second.looked_at.push_back(entry);
}

std::size_t AllowanceBook::take_allowed(Diagnostics& findings) {
  const std::size_t allowed =
      std::erase_if(findings, [this](const Diagnostic& finding) { return allows(finding); });
  for (auto& [name, file] : files_) {
    for (Allowance& allowance : file.allowances) {
      for (AllowedRule& named : allowance.rules) {
        if (named.rule == nullptr || named.need == Need::needed) continue;
        if (was_looked_for(*named.rule, file, allowance.line)) named.need = Need::unneeded;
      }
    }
  }
  return allowed;
}

void AllowanceBook::report(Diagnostics& findings) const {
  for (const auto& [name, file] : files_) {
    for (const Allowance& allowance : file.allowances) {
      for (const Rule* rule : all_rules()) {
        Findings found(*rule, findings);
        if (rule->check_allowance == nullptr) continue;
        rule->check_allowance({file.source, allowance}, found);
      }
    }
  }
}

// Every allowance that covers the finding is needed, also where there are two.
bool AllowanceBook::allows(const Diagnostic& finding) {
  const auto file = files_.find(finding.file);
  if (file == files_.end() || !finding.source) return false;
  const std::uint32_t line = finding.source->position(finding.span.begin).line;
  bool is_allowed = false;
  for (Allowance& allowance : file->second.allowances) {
    if (allowance.line != line) continue;
    for (AllowedRule& named : allowance.rules) {
      if (named.rule == nullptr || named.rule->name != finding.rule) continue;
      named.need = Need::needed;
      is_allowed = true;
    }
  }
  return is_allowed;
}

bool AllowanceBook::was_looked_for(const Rule& rule, const File& file, std::uint32_t line) {
  if (!needs_releases(rule)) return true;
  return std::any_of(file.looked_at.begin(), file.looked_at.end(),
                     [&](Span entry) { return has_line(*file.source, entry, line); });
}

}  // namespace relup::lint
