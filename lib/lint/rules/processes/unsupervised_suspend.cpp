// SPDX-License-Identifier: Apache-2.0
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

std::vector<Atom> suspended_by(const appup::Action& action) {
  if (const auto* update = std::get_if<appup::Update>(&action)) return {update->module};
  std::vector<Atom> modules;
  if (const auto* suspend = std::get_if<appup::Suspend>(&action)) {
    for (const auto& target : suspend->targets)
      modules.push_back(target.module);
  }
  return modules;
}

// Whether it is certain that no child specification names the module.
bool is_unknown(const ReleasePair& releases, Side side, Atom module) {
  const release::TreeApplication* owner = releases.owner(side, module);
  if (owner == nullptr || facts::is_supervisor(*releases.facts(side, module))) return false;
  const SupervisedModules& supervised = releases.supervised_modules(side, *owner);
  return supervised.is_complete && !supervised.modules.contains(module);
}

void check(const UpgradeView& view, Findings& findings) {
  for_hot_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    for (const Atom module : suspended_by(*instruction.action)) {
      if (!is_unknown(view.releases, departing(entry.direction), module)) continue;
      const std::string name = print_atom(module.name());
      Diagnostic& finding = findings.add(view.appup.source, instruction.term.span(),
                                         "no child specification names " + name +
                                             ", so none of its processes is "
                                             "suspended or has its state changed");
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
    .page = {.what =
                 "`update` or `suspend` of a module that no child specification of its application "
                 "names in `modules`. Reported only where this is certain: every supervisor of the "
                 "application lists its children literally, as maps or tuples, so that debug "
                 "information or the code tells them; nobody starts further children, and no other "
                 "application needs this one.",
             .why =
                 "The release handler goes through the supervision trees of all applications and "
                 "asks for the `modules` of each child. Processes that are not below a supervisor, "
                 "or whose specification names other modules, are not suspended. Nothing says so: "
                 "code_change is not called, and the process goes on with new code and old state.",
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
