// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lint/process_instructions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Whether it is certain that no child specification names the module.
bool is_unknown(const ReleasePair& releases, Side side, Atom module) {
  const release::TreeApplication* owner = releases.owner(side, module);
  if (owner == nullptr || facts::is_supervisor(*releases.facts(side, module))) return false;
  const SupervisedModules& supervised = releases.supervised_modules(side, *owner);
  return supervised.is_complete && !supervised.modules.contains(module);
}

// The first child of the release that `is_meant`; null where there is none.
template <typename IsMeant>
const MisdeclaredChild* find_child(const ReleasePair& releases, Side side, IsMeant is_meant) {
  const auto& all = releases.misdeclared_children(side);
  const auto found = std::find_if(all.begin(), all.end(), is_meant);
  return found == all.end() ? nullptr : &*found;
}

// That is seen to run the module under the names of others.
const MisdeclaredChild* child_under_other_names(const ReleasePair& releases, Side side,
                                                Atom module) {
  return find_child(releases, side, [&](const MisdeclaredChild& each) {
    return each.kind == MisdeclaredChild::Kind::other_modules && each.callback == module;
  });
}

// The manager of events of the application that the module is a handler for.
const MisdeclaredChild* manager_that_hides(const ReleasePair& releases, Side side, Atom module) {
  const facts::ModuleFacts* facts = releases.facts(side, module);
  if (facts == nullptr || !facts->has_behaviour("gen_event")) return nullptr;
  return find_child(releases, side, [&](const MisdeclaredChild& each) {
    return each.kind == MisdeclaredChild::Kind::unasked_manager && !each.named.contains(module) &&
           releases.owner(side, each.supervisor) == releases.owner(side, module);
  });
}

struct Missed {
  std::string why;
  std::string remedy;
};

std::optional<Missed> missed_process(const ReleasePair& releases, Side side, Atom module) {
  const std::string name = print_atom(module.name());
  if (const MisdeclaredChild* manager = manager_that_hides(releases, side, module))
    return Missed{describe(*manager) +
                      " is a manager of events, and its specification names "
                      "`modules` without the handler " +
                      name,
                  "write `modules => dynamic`: then it is asked which handlers it has"};
  const std::string remedy = "write " + name +
                             " into the `modules` of the child whose process runs it, or "
                             "load_module where it has no process";
  if (const MisdeclaredChild* child = child_under_other_names(releases, side, module))
    return Missed{"the process of " + describe(*child) + " is of " + name +
                      ", which the `modules` of its specification do not name",
                  remedy};
  if (!is_unknown(releases, side, module)) return std::nullopt;
  return Missed{"no child specification names " + name, remedy};
}

void check(const UpgradeView& view, Findings& findings) {
  for_hot_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    for (const Atom module : suspended_by(*instruction.action)) {
      auto missed = missed_process(view.releases, departing(entry.direction), module);
      if (!missed) continue;
      findings
          .add(view.appup.source, instruction.term.span(),
               missed->why + ": OTP's release handler does not suspend it")
          .notes.push_back(std::move(missed->remedy));
    }
  });
}

}  // namespace

extern const Rule unsupervised_suspend{
    .code = "RU404",
    .name = "unsupervised-suspend",
    .severity = Severity::warning,
    .summary = "processes are to be suspended that the release handler cannot find",
    .page =
        {.what =
             "`update` or `suspend` of a module that no child specification names in `modules`. "
             "Reported where a child is seen to run the module under the name of another one, "
             "as a module without callbacks that starts the process has it; where the manager of "
             "events of the application names `modules` instead of `dynamic`, and the module is a "
             "handler; or where it is "
             "certain for all children: every supervisor of the "
             "application lists its children literally, as maps or tuples, so that debug "
             "information or the code tells them; nobody starts further children, and no other "
             "application needs this one.",
         .why = "The release handler goes through the supervision trees of all applications and "
                "asks for the `modules` of each child. Processes that are not below a supervisor, "
                "or whose specification names other modules, are not suspended. Nothing says so: "
                "code_change is not called, and the process goes on with new code and old state. "
                "relup's own engine finds a process by what it runs.",
         .wrong = R"({"2.0",
 [{"1.0", [{update, shop_till, {advanced, []}}]}],
 [{"1.0", [{load_module, shop_till}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop_till}]}],
 [{"1.0", [{load_module, shop_till}]}]}.
)",
         .allow = "Where the processes are below a supervisor that this could not see."},
    .is_for_authors = true,
    .check_upgrade = check,
};

}  // namespace relup::lint
