// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"

namespace relup::lint {
namespace {

using Rules = std::vector<AllowedRule>;

bool is_needless(const AllowedRule& named) {
  return named.need == Need::unneeded;
}

// The whole comment, and its line where nothing else is on it.
Span comment_to_cut(const SourceText& source, Span comment) {
  const std::uint32_t line = source.position(comment.begin).line;
  const std::uint32_t line_begin = source.line_begin(line);
  std::uint32_t begin = comment.begin;
  while (begin > line_begin &&
         (source.text()[begin - 1] == ' ' || source.text()[begin - 1] == '\t'))
    --begin;
  const bool is_alone = begin == line_begin && line < source.line_count();
  return {begin, is_alone ? source.line_begin(line + 1) : comment.end};
}

// What to cut out: all of the comment, or the names that are not needed. A name is cut with the
// comma before it, or with the one after it where no name is kept before it.
std::vector<Edit> cuts(const SourceText& source, const Allowance& allowance) {
  const Rules& rules = allowance.rules;
  if (std::all_of(rules.begin(), rules.end(), is_needless)) {
    return {{comment_to_cut(source, allowance.comment), ""}};
  }
  std::vector<Edit> edits;
  bool has_kept = false;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!is_needless(rules[i])) {
      has_kept = true;
      continue;
    }
    const Span span = has_kept ? Span{rules[i - 1].span.end, rules[i].span.end}
                               : Span{rules[i].span.begin, rules[i + 1].span.begin};
    edits.push_back({span, ""});
  }
  return edits;
}

void check(const AllowanceView& view, Findings& findings) {
  const Rules& rules = view.allowance.rules;
  const auto first = std::find_if(rules.begin(), rules.end(), is_needless);
  if (first == rules.end()) return;
  std::string names;
  for (const AllowedRule& named : rules) {
    if (is_needless(named)) names += (names.empty() ? "" : " and ") + named.text;
  }
  Diagnostic& finding =
      findings.add(view.source, first->span, "nothing here needs the allowance of " + names);
  finding.fix = Fix{"take the allowance out", cuts(*view.source, view.allowance)};
}

}  // namespace

extern const Rule needless_allowance{
    .code = "RU901",
    .name = "needless-allowance",
    .severity = Severity::warning,
    .summary = "a comment allows what is not found",
    .page = {.what = "A comment `%% relup:allow RULE` on a line, or above one, on which that rule "
                     "finds nothing. Rules that need releases count only where lint was given "
                     "some (`--from`, `--to`) and has looked at the entry.",
             .why = "What was allowed once has been mended or has moved. The comment would hide "
                    "the next finding on that line, which nobody has looked at.",
             .wrong = R"({"2.0",
 [{"1.0", [
   %% relup:allow RU004 the whole node restarts anyway
   restart_emulator]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [
   restart_emulator]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Allowances cannot be allowed in the file; relup.yaml can turn the rule off "
                      "(`findings: {needless-allowance: off}`). `relup lint --fix` takes the "
                      "comment out.",
             .allowed_by = AllowedBy::policy},
    .check_allowance = check,
};

}  // namespace relup::lint
