// SPDX-License-Identifier: Apache-2.0
#include "lint/supervisor_care.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

bool is_supervisor(const ReleasePair& releases, Atom module) {
  const facts::ModuleFacts* before = releases.facts(Side::from, module);
  const facts::ModuleFacts* after = releases.facts(Side::to, module);
  return before != nullptr && after != nullptr && facts::is_supervisor(*before) &&
         facts::is_supervisor(*after);
}

// Only for `{update, M, {advanced, Extra}}`: it differs from `{update, M, supervisor}` in that part
// alone.
std::optional<Fix> supervisor_fix(const Term& instruction) {
  if (!instruction.is_tagged("update", 3)) return std::nullopt;
  const Term& change = (*instruction.as_tuple())[2];
  if (!change.is_tagged("advanced", 2)) return std::nullopt;
  return Fix{"write supervisor", {{change.span(), "supervisor"}}};
}

void check_update(const UpgradeView& view, const ParsedEntry& entry,
                  const ParsedInstruction& instruction, const appup::Update& update,
                  Findings& findings) {
  const std::string name = print_atom(update.module.name());
  const bool is_soft = !update.extra;
  const bool is_up = entry.direction == appup::Direction::up;
  Diagnostic& finding = findings.add(
      view.appup.source, instruction.term.span(),
      is_soft ? name + " is a supervisor, and its new children and flags are not taken over"
              : name + " is a supervisor, and is updated as if it were a worker");
  if (is_soft) {
    finding.notes.emplace_back("a soft update does not call init/1 again");
  } else if (is_up) {
    finding.severity = Severity::note;
    finding.notes.emplace_back("it does the same on this way, but not on the way down");
  } else {
    finding.notes.emplace_back(
        "init/1 is called before the old code is there, so the children stay those of the new one");
  }
  finding.notes.push_back("write {update, " + name + ", supervisor}");
  finding.fix = supervisor_fix(instruction.term);
}

// {load_module, M} differs from {update, M, supervisor} in all but the name.
std::optional<Fix> update_fix(const Term& instruction) {
  if (!instruction.is_tagged("load_module", 2)) return std::nullopt;
  const Term& module = (*instruction.as_tuple())[1];
  return Fix{"write update", {{instruction.span(), "{update, " + print(module) + ", supervisor}"}}};
}

void check(const UpgradeView& view, Findings& findings) {
  add_supervisor_findings(view, plan::SupervisorFinding::Kind::only_loaded, findings,
                          [](Diagnostic& finding, const ParsedInstruction& instruction) {
                            finding.fix = update_fix(instruction.term);
                          });
  for_hot_instructions(view, [&](const ParsedEntry& entry, const ParsedInstruction& instruction) {
    const auto* update = std::get_if<appup::Update>(&*instruction.action);
    if (update == nullptr) return;
    const bool is_right = update->type == appup::ModuleType::static_module && update->extra;
    if (is_right || !is_supervisor(view.releases, update->module)) return;
    check_update(view, entry, instruction, *update, findings);
  });
}

}  // namespace

extern const Rule suspended_supervisor{
    .code = "RU403",
    .name = "suspended-supervisor",
    .severity = Severity::warning,
    .summary = "a supervisor is updated as if it were a worker, or only loaded",
    .page =
        {.what = "`update` of a supervisor with `soft`, or with `{advanced, Extra}` as a dynamic "
                 "module; load_module of one whose children or flags changed, in an entry that "
                 "starts and stops no children itself.",
         .why = "A supervisor takes its new flags and child specifications from init/1 in its "
                "code_change. `soft` does not call that. `{advanced, Extra}` calls it on the way "
                "up behind the load, as it should, but on the way down in front of it: then the "
                "old code is loaded, and the supervisor goes on with the children of the new one. "
                "`{update, M, supervisor}` has the right order both ways. In emqx supervisors were "
                "loaded like any module for a while, with the same effect as `soft` "
                "(emqx/emqx#8448).",
         .wrong = R"({"2.0",
 [{"1.0", [{update, shop_sup, soft}]}],
 [{"1.0", [{update, shop_sup, {advanced, []}}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{update, shop_sup, supervisor}]}],
 [{"1.0", [{update, shop_sup, supervisor}]}]}.
)",
         .allow = "Where init/1 must not be called a second time, and the children are the same."},
    .check_upgrade = check,
};

}  // namespace relup::lint
