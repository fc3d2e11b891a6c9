// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"
#include "lint/version_regex.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using appup::Direction;

bool is_version(const Term& term) {
  return term.text() || regex_of(term);
}

void check_element(const ParsedAppup& appup, const Term& element, Findings& findings) {
  const Term::Elements* pair = element.as_tuple();
  if (pair == nullptr || pair->size() != 2) {
    Diagnostic& finding =
        findings.add(appup.source, element.span(), "this is no entry, and is passed over");
    finding.notes.emplace_back("expected {Vsn, Instructions}");
  } else if (!is_version(pair->front())) {
    Diagnostic& finding =
        findings.add(appup.source, pair->front().span(),
                     print(pair->front()) + " is no version, and the entry is passed over");
    finding.notes.emplace_back("expected a string, or a binary with a regular expression");
  }
}

void check(const ParsedAppup& appup, Findings& findings) {
  for (const Direction direction : {Direction::up, Direction::down}) {
    const Term& list = list_of(appup, direction);
    if (!list.is_proper_list()) continue;
    for (const Term& element : *list.as_list())
      check_element(appup, element, findings);
  }
}

}  // namespace

extern const Rule skipped_entry{
    .code = "RU005",
    .name = "skipped-entry",
    .severity = Severity::warning,
    .summary = "an element of the list of versions that serves none",
    .page = {.what = "An element of the list up or down that is not `{Vsn, Instructions}`, or "
                     "whose version is neither a string nor a binary.",
             .why = "systools goes over it without a word. The upgrade that it was written for "
                    "ends with `no_relup`, or another entry serves the version.",
             .wrong = R"({"2.0",
 [{'1.0', [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Never: take it out if nobody needs it.",
             .allowed_by = AllowedBy::nothing},
    .check_appup = check,
};

}  // namespace relup::lint
