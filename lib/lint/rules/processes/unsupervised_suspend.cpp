// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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

// The child that is seen to run the module under the names of others; null where there is none.
const MisdeclaredChild* child_under_other_names(const ReleasePair& releases, Side side,
                                                Atom module) {
  const auto& all = releases.misdeclared_children(side);
  const auto found = std::find_if(all.begin(), all.end(), [&](const MisdeclaredChild& each) {
    return each.kind == MisdeclaredChild::Kind::other_modules && each.callback == module;
  });
  return found == all.end() ? nullptr : &*found;
}

void check(const UpgradeView& view, Findings& findings) {
  for_hot_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    for (const Atom module : suspended_by(*instruction.action)) {
      const Side side = departing(entry.direction);
      const std::string name = print_atom(module.name());
      const MisdeclaredChild* child = child_under_other_names(view.releases, side, module);
      if (child == nullptr && !is_unknown(view.releases, side, module)) continue;
      const std::string what = child == nullptr
                                   ? "no child specification names " + name
                                   : "the process of " + describe(*child) + " is of " + name +
                                         ", which the `modules` of its specification do not name";
      Diagnostic& finding = findings.add(view.appup.source, instruction.term.span(),
                                         what + ": OTP's release handler does not suspend it");
      finding.notes.push_back("write " + name +
                              " into the `modules` of the child whose process runs it, or "
                              "load_module where it has no process");
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
             "as a module without callbacks that starts the process has it; or where it is "
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
    .check_upgrade = check,
};

}  // namespace relup::lint
