// SPDX-License-Identifier: Apache-2.0
#include "lint/module_reloads.hpp"
#include "lint/purge_terms.hpp"
#include "lint/rule.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  for (const Reload& reload : reloads_of(view)) {
    const bool is_soft = reload.before == appup::Purge::soft && reload.after == appup::Purge::soft;
    if (!is_soft || reload.loops.empty()) continue;
    Diagnostic& finding =
        findings.add(view.appup.source, before_span(reload.instruction->term),
                     "this upgrade is refused when an earlier one has left processes in " +
                         function_names(reload.module, reload.loops));
    finding.notes.emplace_back(
        "those that run now stay in the code that is replaced here, and refuse the next one");
    finding.notes.emplace_back(
        "have the loop call its module by name, or stop the processes first and start them behind "
        "the load");
  }
}

}  // namespace

extern const Rule refusing_purge{
    .code = "RU304",
    .name = "refusing-purge",
    .severity = Severity::note,
    .summary = "processes that never leave old code make the next upgrade fail",
    .page = {.what =
                 "soft_purge in front of and behind the load of a module with a loop that waits in "
                 "old code for ever.",
             .why =
                 "Nobody is killed, which is good, but the processes go on in old code. "
                 "`install_release` asks every process before it does anything, and answers "
                 "`{error, {old_processes, Module}}` as long as one of them is in code that is two "
                 "versions back. The first upgrade goes through, the second does not, until "
                 "somebody stops them by hand.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop_feed, soft_purge, soft_purge, []}]}],
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop_feed]}},
           {load_module, shop_feed, soft_purge, soft_purge, []},
           {apply, {supervisor, restart_child, [shop_sup, shop_feed]}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop_feed]}},
           {load_module, shop_feed, soft_purge, soft_purge, []},
           {apply, {supervisor, restart_child, [shop_sup, shop_feed]}}]}],
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop_feed]}},
           {load_module, shop_feed, soft_purge, soft_purge, []},
           {apply, {supervisor, restart_child, [shop_sup, shop_feed]}}]}]}.
)",
             .allow = "Where the processes do not live as long as it takes to the next upgrade."},
    .is_for_authors = true,
    .check_upgrade = check,
};

}  // namespace relup::lint
