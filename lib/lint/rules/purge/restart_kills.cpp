// SPDX-License-Identifier: Apache-2.0
#include "diff/waiting_callers.hpp"
#include "lint/rule.hpp"
#include "lint/step_cause.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// The modules that a step purges brutally.
std::vector<Atom> purged_by(const appup::Action& action) {
  if (const auto* purge = std::get_if<appup::PurgeModules>(&action)) return purge->modules;
  const auto* remove = std::get_if<appup::Remove>(&action);
  if (remove == nullptr || remove->post_purge == appup::Purge::soft) return {};
  return {remove->module};
}

// The applications whose modules are taken away and purged only to be loaded anew, and the first
// step that does so to each.
std::map<Atom, std::size_t> restarted_in(const ScriptView& view) {
  std::map<Atom, std::size_t> steps;
  for (std::size_t step = 0; step < view.script.size(); ++step) {
    for (const Atom module : purged_by(view.script[step].action)) {
      const auto* owner = view.releases.owner(departing(view.direction), module);
      const bool comes_back =
          owner != nullptr && view.releases.owner(arriving(view.direction), module) != nullptr;
      if (comes_back) steps.emplace(owner->name, step);
    }
  }
  return steps;
}

void check(const ScriptView& view, Findings& findings) {
  for (const auto& [application, step] : restarted_in(view)) {
    const auto place = cause_of_steps(view.script, {step});
    if (!place) continue;
    const auto callers =
        diff::waiting_callers(view.releases.tree(departing(view.direction)), application);
    if (callers.empty()) continue;
    Diagnostic& finding =
        findings.add(place->source, place->span,
                     describe_way(view) + ", the restart of " + print_atom(application.name()) +
                         " kills the processes of other applications that wait in its code: " +
                         describe(callers));
    finding.notes.emplace_back(
        "its stop ends its own processes; these are not among them, and the purge kills them");
    finding.notes.emplace_back(
        "upgrade it module by module, or take the relup of `relup generate`, which purges softly");
  }
}

}  // namespace

extern const Rule restart_kills{
    .code = "RU305",
    .name = "restart-kills",
    .severity = Severity::warning,
    .summary = "the restart of an application kills processes of others that are in its code",
    .page =
        {.what =
             "restart_application, in an appup that OTP's rules make a relup of, where a module "
             "of another application calls a function of it that waits: for a message, for the "
             "answer to a request, or for time to pass. Looked for in the applications that "
             "name it in their .app files.",
         .why = "systools turns restart_application into a stop, `{remove, {M, brutal_purge, "
                "brutal_purge}}` and `{purge, Modules}` for all modules, loads and a start. The "
                "stop ends the processes of the application. A process of another one, which waits "
                "inside of one of these functions at that moment, is killed by the purge, with "
                "everybody who is linked to it.",
         .wrong = R"({"2.0",
 [{"1.0", [{restart_application, shop}]}],
 [{"1.0", [{restart_application, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop_order, soft_purge, soft_purge, []}]}],
 [{"1.0", [{load_module, shop_order, soft_purge, soft_purge, []}]}]}.
)",
         .allow = "Where those processes may die, because somebody starts them again."},
    .check_script = check,
};

}  // namespace relup::lint
