// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"

namespace relup::lint {
namespace {

// Taking the brackets away never changes what works: only short forms inside begin to work.
std::optional<Fix> make_fix(const SourceText& source, const Term& list) {
  const Span span = list.span();
  const std::string_view text = source.text(span);
  const Term::Elements& inner = *list.as_list();
  const bool is_simple =
      list.is_proper_list() && !inner.empty() && text.starts_with('[') && text.ends_with(']') &&
      std::none_of(inner.begin(), inner.end(), [](const Term& term) { return term.is_list(); });
  if (!is_simple) return std::nullopt;
  return Fix{"take the brackets away",
             {{{span.begin, span.begin + 1}, ""}, {{span.end - 1, span.end}, ""}}};
}

void check(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries) {
    if (!entry.list.is_proper_list()) continue;
    for (const Term& element : *entry.list.as_list()) {
      if (!element.is_list()) continue;
      Diagnostic& finding =
          findings.add(appup.source, element.span(), "a list among the instructions");
      finding.notes.emplace_back(
          "its elements count as instructions, but their short forms do not work there; write them "
          "without the inner brackets");
      finding.fix = make_fix(*appup.source, element);
    }
  }
}

}  // namespace

extern const Rule spliced_list{
    .code = "RU006",
    .name = "spliced-list",
    .severity = Severity::warning,
    .summary = "a list among the instructions, in which short forms do not work",
    .page = {.what = "An element of a list of instructions that is a list itself.",
             .why = "systools puts its elements in its place, but takes them as they are: a short "
                    "form such as `{load_module, M}` is a bad instruction there. Nothing in "
                    "appup(4) speaks of it; it is what happens to work.",
             .wrong = R"({"2.0",
 [{"1.0", [[{load_module, shop, brutal_purge, brutal_purge, []}]]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop, brutal_purge, brutal_purge, []}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow =
                 "Where a program has written the file and all instructions are in full form."},
    .check_appup = check,
};

}  // namespace relup::lint
