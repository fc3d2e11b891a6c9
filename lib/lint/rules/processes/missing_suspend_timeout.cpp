// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

constexpr std::size_t many_callers = 3;  // modules

// Whether `caller` calls a function of the other module that sends a request and waits.
bool calls_and_waits(const facts::ModuleFacts& caller, const beam::CallGraph& called) {
  return std::any_of(caller.imports.begin(), caller.imports.end(), [&](const auto& import) {
    return import.module == called.code().module &&
           called.calls_and_waits(import.function, import.arity);
  });
}

// How many modules call the module and wait, in its application and in those that need it.
std::size_t count_callers(const ReleasePair& releases, Side side, Atom module) {
  const beam::CallGraph& called = *releases.call_graph(side, module);
  const Atom home = releases.owner(side, module)->name;
  const release::ReleaseTree& tree = releases.tree(side);
  std::size_t callers = 0;
  for (const release::TreeApplication& application : tree.applications) {
    const auto& needed = tree.release.find(application.name)->file.applications;
    const bool may_call =
        application.name == home || std::find(needed.begin(), needed.end(), home) != needed.end();
    if (!may_call) continue;
    for (const Atom caller : application.beam_modules) {
      if (!(caller == module) && calls_and_waits(*releases.facts(side, caller), called)) ++callers;
    }
  }
  return callers;
}

void check_update(const UpgradeView& view, const ParsedEntry& entry,
                  const ParsedInstruction& instruction, const appup::Update& update,
                  Findings& findings) {
  if (!update.extra || !update.timeout.is_atom("default")) return;
  const diff::ModuleChange* change = view.releases.change_of_module(update.module);
  if (change == nullptr || !change->changes_code || !change->state_change) return;
  const std::size_t callers =
      count_callers(view.releases, departing(entry.direction), update.module);
  if (callers < many_callers) return;
  Diagnostic& finding = findings.add(
      view.appup.source, instruction.term.span(),
      print_atom(update.module.name()) + " is called by " + std::to_string(callers) +
          " modules, and keeps its old state without a word when it is not suspended in 5 s");
  finding.notes.emplace_back(
      "the suspension stands in the same queue as the calls; give it a timeout of its own: "
      "{update, M, 30000, {advanced, Extra}, soft_purge, soft_purge, DepMods}");
}

void check(const UpgradeView& view, Findings& findings) {
  for_hot_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    const auto* update = std::get_if<appup::Update>(&*instruction.action);
    if (update != nullptr) check_update(view, entry, instruction, *update, findings);
  });
}

}  // namespace

extern const Rule missing_suspend_timeout{
    .code = "RU402",
    .name = "missing-suspend-timeout",
    .severity = Severity::note,
    .summary = "a busy process whose state changes has only 5 s to be suspended",
    .page =
        {.what =
             "`{update, M, {advanced, Extra}}` without a timeout of its own, where the state of M "
             "has another shape in the new release, and three modules or more call functions of M "
             "that wait for an answer. How busy a process is cannot be seen in its code; this is "
             "a guess by the number of its callers, and so it is a note.",
         .why = "The release handler suspends with a message, which waits its turn behind all "
                "requests that came before. A process that does not answer in 5 seconds is left "
                "out, with no error and nothing in the log: it is not suspended, its code_change "
                "is not called, and it goes on with the new code and the old state, until it "
                "crashes. With 200 callers and 20 ms for each request the answer took 4.4 "
                "seconds.",
         .wrong = R"({"2.0",
 [{"1.0", [{update, shop_stock, {advanced, []}}]}],
 [{"1.0", [{update, shop_stock, 30000, {advanced, []}, soft_purge, soft_purge, []}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{update, shop_stock, 30000, {advanced, []}, soft_purge, soft_purge, []}]}],
 [{"1.0", [{update, shop_stock, 30000, {advanced, []}, soft_purge, soft_purge, []}]}]}.
)",
         .allow = "Where its queue is short, or 5 seconds are known to do."},
    .is_for_authors = true,
    .check_upgrade = check,
};

}  // namespace relup::lint
