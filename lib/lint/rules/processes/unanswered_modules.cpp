// SPDX-License-Identifier: Apache-2.0
#include "lint/declared_walk.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

void check(const ScriptView& view, Findings& findings) {
  for_walked_children(
      view, MisdeclaredChild::Kind::unanswered_modules,
      [&](const MisdeclaredChild& child, const StepCause& place) {
        Diagnostic& finding = findings.add(
            place.source, place.span,
            "the specification of " + describe(child) +
                " has `dynamic` modules, and its process does not say which: OTP's release "
                "handler asks it");
        finding.notes.emplace_back(
            "it waits 5 s for the answer; then the install fails after the point of no return, "
            "and the node restarts");
        const std::string name = child.callback ? print_atom(child.callback->name()) : "Module";
        finding.notes.push_back("write `modules => [" + name +
                                "]`; `dynamic` is for a gen_event, which answers");
      });
}

}  // namespace

extern const Rule unanswered_modules{
    .code = "RU415",
    .name = "unanswered-modules",
    .severity = Severity::error,
    .summary = "a process that does not know it is asked for its modules",
    .page = {.what =
                 "A child of any application of the release whose specification says `modules => "
                 "dynamic`, and whose start function starts no gen_event, where the script "
                 "suspends, stops or starts processes. Not reported where the code of a server "
                 "looks for `get_modules`.",
             .why =
                 "OTP's release handler sends `get_modules` to every worker with `dynamic` modules "
                 "and waits for an answer. Only gen_event gives one. A gen_server takes it for a "
                 "message to handle_info, and crashes or says nothing; either way the walk fails "
                 "after the point of no return, and the node restarts. relup's own engine asks "
                 "managers of events alone, which it knows by what they run.",
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
