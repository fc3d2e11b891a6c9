// SPDX-License-Identifier: Apache-2.0
#include "lint/allowance_tracker.hpp"

#include <algorithm>

#include "lint/rule_list.hpp"

namespace relup::lint {
namespace {

bool needs_releases(const Rule& rule) {
  return rule.check_upgrade != nullptr || rule.check_script != nullptr ||
         !rule.compiler_rules.empty();
}

}  // namespace

void AllowanceTracker::add(Source source, std::vector<Allowance> allowances) {
  if (allowances.empty()) return;
  const std::string name = source->name();
  File file{std::move(source), std::move(allowances)};
  for (std::size_t i = 0; i < file.allowances.size(); ++i)
    file.by_line.emplace(file.allowances[i].line, i);
  files_[name] = std::move(file);
}

void AllowanceTracker::add_looked_at(const Source& source, Span entry) {
  const auto file = files_.find(source->name());
  if (file == files_.end()) return;
  const SourceText& text = *file->second.source;
  file->second.looked_at.emplace(text.position(entry.begin).line, text.position(entry.end).line);
}

std::size_t AllowanceTracker::take_allowed(Diagnostics& findings) {
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

void AllowanceTracker::check(Diagnostics& findings) const {
  for (const auto& [name, file] : files_) {
    for (const Allowance& allowance : file.allowances) {
      for (const Rule* rule : all_rules()) {
        Findings of_rule(*rule, findings);
        if (rule->check_allowance == nullptr) continue;
        rule->check_allowance({file.source, allowance}, of_rule);
      }
    }
  }
}

// Every allowance that covers the finding is needed, also where there are two.
bool AllowanceTracker::allows(const Diagnostic& finding) {
  const auto file = files_.find(finding.file);
  if (file == files_.end() || !finding.source) return false;
  const std::uint32_t line = finding.source->position(finding.span.begin).line;
  bool is_allowed = false;
  const auto [first, last] = file->second.by_line.equal_range(line);
  for (auto place = first; place != last; ++place) {
    for (AllowedRule& named : file->second.allowances[place->second].rules) {
      if (named.rule == nullptr || named.rule->code != finding.code) continue;
      named.need = Need::needed;
      is_allowed = true;
    }
  }
  return is_allowed;
}

bool AllowanceTracker::was_looked_for(const Rule& rule, const File& file, std::uint32_t line) {
  if (!needs_releases(rule)) return true;
  return std::any_of(file.looked_at.begin(), file.looked_at.end(), [line](const auto& entry) {
    return entry.first <= line && line <= entry.second;
  });
}

}  // namespace relup::lint
