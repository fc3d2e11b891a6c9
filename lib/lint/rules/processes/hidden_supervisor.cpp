// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/words.hpp"
#include "lint/process_instructions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using Kind = MisdeclaredChild::Kind;

// What an entry suspends, and where.
struct Suspended {
  const ParsedInstruction* first = nullptr;
  std::vector<std::string> modules = {};
};

// Of the modules of which `is_meant` is true.
template <typename IsMeant>
Suspended suspended_in(const ParsedEntry& entry, IsMeant is_meant) {
  Suspended found;
  for (const ParsedInstruction& instruction : entry.instructions) {
    if (!instruction.action) continue;
    for (const Atom module : suspended_by(*instruction.action)) {
      if (!is_meant(module)) continue;
      if (found.first == nullptr) found.first = &instruction;
      found.modules.push_back(print_atom(module.name()));
    }
  }
  return found;
}

void add(const UpgradeView& view, const MisdeclaredChild& child, const Suspended& suspended,
         const std::string& what, Severity severity, Findings& findings) {
  Diagnostic& finding = findings.add(view.appup.source, suspended.first->term.span(),
                                     describe(child) +
                                         " is a supervisor, and its specification says that it is "
                                         "a worker: OTP's release handler " +
                                         what);
  finding.severity = severity;
  finding.notes.emplace_back(
      "who is not suspended runs the new code with its old state; write `type => supervisor`");
}

// Whether something was found. Where the list below is not known, it is a note.
bool check_child(const UpgradeView& view, const ParsedEntry& entry, const MisdeclaredChild& child,
                 Findings& findings) {
  const Suspended below =
      suspended_in(entry, [&](Atom module) { return child.below.contains(module); });
  if (below.first != nullptr) {
    add(view, child, below,
        "does not suspend the processes of " + joined(below.modules) + " below it",
        Severity::warning, findings);
    return true;
  }
  const release::TreeApplication* owner =
      view.releases.owner(departing(entry.direction), child.supervisor);
  const Suspended any = suspended_in(entry, [](Atom) { return true; });
  if (child.is_all_below || any.first == nullptr || owner->name != view.change.name) return false;
  add(view, child, any, "suspends nobody below it", Severity::note, findings);
  return true;
}

void check(const UpgradeView& view, Findings& findings) {
  std::vector<const MisdeclaredChild*> told;
  for (const ParsedEntry* entry : {view.up, view.down}) {
    const bool suspends = entry != nullptr && !entry->restarts() &&
                          suspended_in(*entry, [](Atom) { return true; }).first != nullptr;
    if (!suspends) continue;
    for (const MisdeclaredChild& child :
         view.releases.misdeclared_children(departing(entry->direction))) {
      const bool is_told = std::any_of(told.begin(), told.end(),
                                       [&](const auto* each) { return each->is_same(child); });
      if (child.kind != Kind::hidden_supervisor || is_told) continue;
      if (check_child(view, *entry, child, findings)) told.push_back(&child);
    }
  }
}

}  // namespace

extern const Rule hidden_supervisor{
    .code = "RU413",
    .name = "hidden-supervisor",
    .severity = Severity::warning,
    .summary = "processes are to be suspended below a supervisor that is declared a worker",
    .page = {.what =
                 "A child whose start function starts a supervisor, and whose specification says "
                 "`type => worker` or leaves the type out, while an instruction suspends "
                 "processes below it. A note where what is below it cannot be read, and "
                 "something of its application is suspended.",
             .why =
                 "OTP's release handler asks only those for their children that are declared to be "
                 "supervisors. The processes below this one are not suspended, and code_change is "
                 "not called: they run the new code with their old state and fail at the next "
                 "message. relup's own engine knows a supervisor by what it runs, and finds them.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop_till, {advanced, []}}]}],
 [{"1.0", [{update, shop_till, {advanced, []}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_module, shop_till}]}],
 [{"1.0", [{load_module, shop_till}]}]}.
)",
             .allow = "Where relup's own engine takes the script through."},
    .check_upgrade = check,
};

}  // namespace relup::lint
