// SPDX-License-Identifier: Apache-2.0
#include "lint/declared_walk.hpp"

namespace relup::lint {
namespace {

void check(const ScriptView& view, Findings& findings) {
  for_walked_children(
      view, MisdeclaredChild::Kind::false_supervisor,
      [&](const MisdeclaredChild& child, const StepCause& place) {
        Diagnostic& finding = findings.add(
            place.source, place.span,
            "the specification of " + describe(child) +
                " calls it a supervisor, and it is none: OTP's release handler asks it which "
                "children it has");
        finding.notes.emplace_back(
            "a server without a clause for that ends, others do not answer; then the install "
            "fails after the point of no return, and the node restarts");
        finding.notes.emplace_back("write `type => worker`");
      });
}

}  // namespace

extern const Rule false_supervisor{
    .code = "RU414",
    .name = "false-supervisor",
    .severity = Severity::error,
    .summary = "a process that is no supervisor is asked for its children",
    .page = {.what =
                 "A child of any application of the release whose start function starts a server, "
                 "and whose specification says `type => supervisor`, where the script suspends, "
                 "stops or starts processes. Not reported where the code of the server has a "
                 "clause for `which_children`.",
             .why =
                 "To find out whom to suspend, OTP's release handler goes through the supervision "
                 "trees of all applications, and calls `which_children` of everything that a "
                 "specification calls a supervisor. A gen_server without such a clause ends by "
                 "that; the walk fails after the point of no return, and the node restarts. "
                 "relup's own engine asks no process that it has not recognised.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop_till, {advanced, []}}]}],
 [{"1.0", [{update, shop_till, {advanced, []}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop_till}]}],
 [{"1.0", [{load_module, shop_till}]}]}.
)",
             .allow = "Where relup's own engine takes the script through."},
    .check_script = check,
};

}  // namespace relup::lint
