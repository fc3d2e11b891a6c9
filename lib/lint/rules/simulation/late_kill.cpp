// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"
#include "lint/step_cause.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Whether the code is deleted, and then purged: delete_module and restart_application come to that.
// Who is killed by the one, brutal-delete tells, and the other stops them first.
bool is_deletion(const ScriptView& view, const simulate::LateKill& kill) {
  return std::holds_alternative<appup::Remove>(view.script[kill.left_by].action) &&
         std::holds_alternative<appup::PurgeModules>(view.script[kill.step].action);
}

void check(const ScriptView& view, Findings& findings) {
  for (const simulate::LateKill& kill : view.simulation.late_kills) {
    const auto place = cause_of_steps(view.script, {kill.step, kill.left_by});
    if (!place || is_deletion(view, kill)) continue;
    findings
        .add(place->source, place->span,
             describe_way(view) + ", step " + std::to_string(kill.step + 1) +
                 " kills the processes that still run the code of " +
                 print_atom(kill.module.name()) + " which step " +
                 std::to_string(kill.left_by + 1) + " made old")
        .notes.emplace_back("switch a module once in a script, and leave the purging to its load");
  }
}

}  // namespace

extern const Rule late_kill{
    .code = "RU703",
    .name = "late-kill",
    .severity = Severity::warning,
    .summary = "a step kills processes that an earlier step of the script left in old code",
    .page =
        {.what = "A module is switched, and a later step of the same script switches it again or "
                 "purges it. A purge of code that was deleted before is left to brutal-delete.",
         .why = "The code server keeps one old version of a module. The second load throws out the "
                "version that was running when the upgrade began, and with it every process that "
                "is still in it, however softly the purge was asked for.",
         .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}, {purge, [shop]}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .allow = "Where the processes are meant to be killed."},
    .check_script = check,
};

}  // namespace relup::lint
