// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"
#include "lint/step_cause.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

Side loaded_side(const ScriptView& view, Atom module, std::size_t step) {
  return view.simulation.loaded(module, step) == simulate::Loaded::origin
             ? departing(view.direction)
             : arriving(view.direction);
}

// The simulator takes every call of a server for one that waits; the code says which ones do.
bool really_waits(const ScriptView& view, const simulate::BlockedSuspend& blocked) {
  const auto* facts =
      view.releases.facts(loaded_side(view, blocked.module, blocked.step), blocked.module);
  const auto* called =
      view.releases.call_graph(loaded_side(view, blocked.called, blocked.step), blocked.called);
  if (facts == nullptr || called == nullptr) return false;
  return std::any_of(facts->imports.begin(), facts->imports.end(), [&](const auto& import) {
    return import.module == blocked.called &&
           called->calls_and_waits(import.function, import.arity);
  });
}

void check(const ScriptView& view, Findings& findings) {
  for (const simulate::BlockedSuspend& blocked : view.simulation.blocked_suspends) {
    const auto place = cause_of_steps(view.script, {blocked.step});
    if (!place || !really_waits(view, blocked)) continue;
    const std::string module = print_atom(blocked.module.name());
    const std::string called = print_atom(blocked.called.name());
    findings
        .add(place->source, place->span,
             describe_way(view) + ", step " + std::to_string(blocked.step + 1) + " suspends " +
                 module + " when " + called + ", which it calls, is suspended already")
        .notes.push_back("suspend " + module + " first: put " + called + " into its DepMods");
  }
}

}  // namespace

extern const Rule blocked_suspend{
    .code = "RU702",
    .name = "blocked-suspend",
    .severity = Severity::warning,
    .summary = "a process is suspended while it may wait for one that is suspended already",
    .page =
        {.what = "A script suspends the processes of a module, and later, before they are resumed, "
                 "those of another module that call them and wait for the answer.",
         .why = "A process that hangs in a call to a suspended server does not answer when it is "
                "asked to suspend itself. After 5 seconds the release handler leaves it out, and "
                "says nothing: it is not code-changed, goes on with its old state in the new code, "
                "and dies where old code is purged.",
         .wrong = R"({"2.0",
 [{"1.0", [{update, shop_till, {advanced, []}, [shop]}, {update, shop, {advanced, []}}]}],
 [{"1.0", [{update, shop_till, {advanced, []}, [shop]}, {update, shop, {advanced, []}}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{update, shop, {advanced, []}, [shop_till]}, {update, shop_till, {advanced, []}}]}],
 [{"1.0", [{update, shop, {advanced, []}, [shop_till]}, {update, shop_till, {advanced, []}}]}]}.
)",
         .allow = "Where the calls are made by other processes than those that are suspended."},
    .check_script = check,
};

}  // namespace relup::lint
