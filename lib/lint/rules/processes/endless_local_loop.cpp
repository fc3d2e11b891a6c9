// SPDX-License-Identifier: Apache-2.0
#include "lint/module_reloads.hpp"
#include "lint/rule.hpp"

namespace relup::lint {
namespace {

// Whether the old code has such a loop already. Then the rules on purges say what becomes of it.
bool had_loop(const UpgradeView& view, Atom module) {
  const beam::CallGraph* before = view.releases.call_graph(Side::from, module);
  return before != nullptr && !before->endless_loops().empty();
}

bool loads_code(const appup::Action& action) {
  return std::holds_alternative<appup::Update>(action) ||
         std::holds_alternative<appup::LoadModule>(action) ||
         std::holds_alternative<appup::AddModule>(action) ||
         std::holds_alternative<appup::Load>(action);
}

bool is_new_code(const diff::ModuleChange* change) {
  return change != nullptr && (change->changes_code || change->status == diff::ModuleStatus::added);
}

void check(const UpgradeView& view, Findings& findings) {
  if (view.up == nullptr || view.up->restarts()) return;
  for (const ParsedInstruction& instruction : view.up->instructions) {
    if (!instruction.action || !loads_code(*instruction.action)) continue;
    const Atom module = *module_of(*instruction.action);
    if (!is_new_code(view.releases.change_of_module(module)) || had_loop(view, module)) continue;
    const beam::CallGraph* graph = view.releases.call_graph(Side::to, module);
    if (graph == nullptr || graph->endless_loops().empty()) continue;
    Diagnostic& finding =
        findings.add(view.appup.source, instruction.term.span(),
                     "a process that runs " + function_names(module, graph->endless_loops()) +
                         " never leaves this code again");
    finding.notes.emplace_back(
        "every cycle of the loop is a local call, and a local call stays in the code it is made "
        "in; the upgrade after the next one kills the process, or is refused");
    finding.notes.emplace_back(
        "call the function by the name of its module, ?MODULE:loop(State), or be a gen_server");
  }
}

}  // namespace

extern const Rule endless_local_loop{
    .code = "RU401",
    .name = "endless-local-loop",
    .severity = Severity::warning,
    .summary = "new code has a loop that no later upgrade can reach",
    .page =
        {.what = "A module that this upgrade brings, and in whose new code processes wait in a "
                 "cycle of local calls: no call in it names the module, none hands the process to "
                 "gen_server, sys or hibernation. Told from the compiled code. A loop that the "
                 "module had before is no news; the rules on purges tell what happens to it.",
         .why =
             "A local call stays in the version of the code that it is made in. The process works "
             "on while the node loads new code, and then newer code, and at that second load it "
             "is in no version the node still keeps: it is killed, or the upgrade is refused. The "
             "first upgrade shows nothing of it. People find their listeners dead after the "
             "second (erlangforums.com, topic 3059; lpgauth/shackle#67), and CouchDB found loops "
             "that nobody could upgrade (apache/couchdb#622).",
         .wrong = R"({"2.0",
 [{"1.0", [{add_module, shop_feed}]}],
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop_feed]}},
           {delete_module, shop_feed}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{add_module, shop_feed}]}],
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop_feed]}},
           {delete_module, shop_feed}]}]}.
)",
         .allow = "Where the process ends soon by itself, or the module will never change."},
    .check_upgrade = check,
};

}  // namespace relup::lint
