// SPDX-License-Identifier: Apache-2.0
#include "lint/applied_functions.hpp"
#include "lint/rule.hpp"

namespace relup::lint {
namespace {

using beam::Expression;

bool raises(const Expression& answer) {
  if (answer.kind != Expression::Kind::call || answer.module.value_or("erlang") != "erlang") {
    return false;
  }
  return answer.name == "throw" || answer.name == "exit" || answer.name == "error";
}

void check(const ScriptView& view, Findings& findings) {
  for (const AppliedFunction& applied : applied_functions(view)) {
    if (applied.before_point_of_no_return) continue;
    if (!may_return(view, applied, raises, findings)) continue;
    Diagnostic& finding =
        findings.add(applied.instruction->source, applied.instruction->span,
                     applied.describe() +
                         " may raise an exception, which restarts the node behind the point of no "
                         "return");
    finding.notes.emplace_back(
        "put a check in front of point_of_no_return; without one in the list all of it stands "
        "behind");
  }
}

}  // namespace

extern const Rule unsafe_apply{
    .code = "RU603",
    .name = "unsafe-apply",
    .severity = Severity::warning,
    .summary = "an apply behind the point of no return raises exceptions",
    .page =
        {.what =
             "An apply behind point_of_no_return, or in a list without one, of a function that, "
             "by its debug information, may end in throw, exit or error.",
         .why = "In front of the point of no return an exception refuses the upgrade and nothing "
                "has happened. Behind it the node is restarted, into the release that is "
                "permanent. A list without point_of_no_return stands behind it as a whole, so a "
                "check that is its first instruction is none.",
         .wrong = R"({"2.0",
 [{"1.0", [{apply, {shop, must_be_idle, []}}, {load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{apply, {shop, must_be_idle, []}}, point_of_no_return, {load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .allow = "Where a node that restarts is better than one that goes on."},
    .check_script = check,
};

}  // namespace relup::lint
