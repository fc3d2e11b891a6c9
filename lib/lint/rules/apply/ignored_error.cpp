// SPDX-License-Identifier: Apache-2.0
#include "lint/applied_functions.hpp"
#include "lint/rule.hpp"

namespace relup::lint {
namespace {

using beam::Expression;

bool is_error(const Expression& answer) {
  if (answer.kind == Expression::Kind::tuple) {
    return answer.parts.size() == 2 && answer.parts.front().is_atom("error");
  }
  return answer.is_atom("error") || answer.value.is_tagged("error", 2);
}

void check(const ScriptView& view, Findings& findings) {
  for (const AppliedFunction& applied : applied_functions(view)) {
    if (!applied.before_point_of_no_return) continue;
    if (!may_return(view, applied, is_error, findings)) continue;
    Diagnostic& finding = findings.add(
        applied.instruction->source, applied.instruction->span,
        applied.describe() + " may answer {error, _}, and nobody looks at what it answers");
    finding.notes.emplace_back(
        "throw({error, Reason}) in front of point_of_no_return refuses the upgrade");
  }
}

}  // namespace

extern const Rule ignored_error{
    .code = "RU602",
    .name = "ignored-error",
    .severity = Severity::warning,
    .summary = "a check in front of point_of_no_return answers an error that nobody sees",
    .page = {.what = "An apply in front of point_of_no_return of a function that, by its debug "
                     "information, may return `error` or {error, Reason}.",
             .why =
                 "The release handler throws away what an apply returns, whatever the manual says "
                 "of {error, Reason}: only an exception stops the script. A check that says "
                 "{error, busy} lets the upgrade go on.",
             .wrong = R"({"2.0",
 [{"1.0", [{apply, {shop, is_idle, []}}, point_of_no_return, {load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{apply, {shop, must_be_idle, []}}, point_of_no_return, {load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where the upgrade is to go on all the same."},
    .check_script = check,
};

}  // namespace relup::lint
