// SPDX-License-Identifier: Apache-2.0
#include "lint/module_reloads.hpp"
#include "lint/purge_terms.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

void check(const UpgradeView& view, Findings& findings) {
  for (const Reload& reload : reloads_of(view)) {
    const bool is_kept_now =
        reload.before == appup::Purge::brutal && reload.after == appup::Purge::soft;
    if (!is_kept_now || reload.loops.empty()) continue;
    const auto wish = view.releases.policy().module(view.change.name, reload.module);
    if (wish.purge.before == policy::PurgeMethod::brutal) continue;
    Diagnostic& finding =
        findings.add(view.appup.source, before_span(reload.instruction->term),
                     "the load kills the processes that the upgrade before left in " +
                         function_names(reload.module, reload.loops));
    finding.notes.emplace_back(
        "such a loop never leaves its code; those of this upgrade stay, too, until the next load");
    finding.notes.push_back(
        "write soft_purge to have the upgrade refused instead, or stop the "
        "processes first and start them behind the load");
  }
}

}  // namespace

extern const Rule brutal_purge_before_load{
    .code = "RU302",
    .name = "brutal-purge-before-load",
    .severity = Severity::warning,
    .summary = "loading kills processes that an earlier upgrade left in old code",
    .page =
        {.what = "A PrePurge of brutal_purge on a module with a loop that waits in old code for "
                 "ever: a cycle of local calls with a receive, which never calls the module by its "
                 "name. Where the PostPurge is brutal, too, brutal-purge-after-load says so "
                 "instead.",
         .why =
             "A node keeps two versions of a module. The loops in the current one survive the "
             "upgrade in the old one, all looks well, and the load of the upgrade after that "
             "purges them: kill, with no warning. Whoever is linked to them dies with them, and "
             "supervisors count it. The first upgrade of a release works in every test; it is the "
             "second one that loses the connections.",
         .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop_feed, brutal_purge, soft_purge, []}]}],
 [{"1.0", [{load_module, shop_feed, soft_purge, soft_purge, []}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop_feed]}},
           {load_module, shop_feed, brutal_purge, soft_purge, []},
           {apply, {supervisor, restart_child, [shop_sup, shop_feed]}}]}],
 [{"1.0", [{load_module, shop_feed, soft_purge, soft_purge, []}]}]}.
)",
         .allow = "Where these processes may die and are started again: `purge: {before: brutal}` "
                  "for the module in relup.yaml says so."},
    .check_upgrade = check,
};

}  // namespace relup::lint
