// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/module_reloads.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

struct Deletion {
  Atom module;
  bool is_brutal;  // it kills whoever runs the code
};

// What the instruction deletes.
std::optional<Deletion> deleted_by(const appup::Action& action) {
  if (const auto* deletion = std::get_if<appup::DeleteModule>(&action)) {
    return Deletion{deletion->module, true};
  }
  const auto* removal = std::get_if<appup::Remove>(&action);
  if (removal == nullptr) return std::nullopt;
  const bool is_brutal =
      removal->pre_purge == appup::Purge::brutal || removal->post_purge == appup::Purge::brutal;
  return Deletion{removal->module, is_brutal};
}

bool has_processes(const facts::ModuleFacts& facts) {
  return facts::is_supervisor(facts) || facts.has_behaviour("gen_server") ||
         facts.has_behaviour("gen_statem") || facts.has_behaviour("gen_fsm") ||
         facts.has_behaviour("Elixir.GenServer");
}

// Whether gone-callback-module (RU407) says it, which knows more of it.
bool is_told_otherwise(const ReleasePair& releases, Side side, Atom module) {
  const diff::ModuleChange* change = releases.change_of_module(module);
  if (side != departing(appup::Direction::up) || change == nullptr) return false;
  return std::any_of(change->live_data.begin(), change->live_data.end(), [](const auto& each) {
    return each.kind == diff::LiveDataChange::Kind::process_module;
  });
}

// What becomes of the processes of the module; empty where it has none, as far as known.
std::string fate_of_processes(const ReleasePair& releases, Side side, const Deletion& deletion) {
  const Atom module = deletion.module;
  const std::string name = print_atom(module.name());
  const beam::CallGraph& graph = *releases.call_graph(side, module);
  if (deletion.is_brutal && !graph.endless_loops().empty()) {
    return "deleting " + name + " kills the processes in " +
           function_names(module, graph.endless_loops());
  }
  const facts::ModuleFacts& facts = *releases.facts(side, module);
  if (!deletion.is_brutal && is_told_otherwise(releases, side, module)) return "";
  const bool is_child =
      releases.supervised_modules(side, *releases.owner(side, module)).modules.contains(module);
  if (!has_processes(facts) && !is_child) return "";
  return "the processes of " + name +
         " still run when it is deleted, and fail at their next message";
}

void check_entry(const UpgradeView& view, const ParsedEntry* entry, Findings& findings) {
  if (entry == nullptr || entry->restarts()) return;
  const ReleasePair& releases = view.releases;
  const Side side = departing(entry->direction);
  StoppedProcesses stopped;
  for (const ParsedInstruction& instruction : entry->instructions) {
    if (!instruction.action) continue;
    stopped.follow(*instruction.action);
    const auto deletion = deleted_by(*instruction.action);
    if (!deletion || releases.owner(side, deletion->module) == nullptr) continue;
    if (releases.owner(arriving(entry->direction), deletion->module) != nullptr) continue;
    if (stopped.may_have_those_of(deletion->module)) continue;
    const std::string fate = fate_of_processes(releases, side, *deletion);
    if (fate.empty()) continue;
    Diagnostic& finding = findings.add(view.appup.source, instruction.term.span(), fate);
    finding.notes.emplace_back(
        "stop them first: {apply, {supervisor, terminate_child, [Supervisor, Id]}}, and "
        "delete_child to have them forgotten");
  }
}

void check(const UpgradeView& view, Findings& findings) {
  check_entry(view, view.up, findings);
  check_entry(view, view.down, findings);
}

}  // namespace

extern const Rule brutal_delete{
    .code = "RU303",
    .name = "brutal-delete",
    .severity = Severity::warning,
    .summary = "a module is deleted while its processes run",
    .page = {.what =
                 "delete_module, or `remove`, of a module that has processes: it is a gen_server, "
                 "a gen_statem or a supervisor, a child specification names it, or, with a brutal "
                 "purge, its code has a loop in which processes wait for ever. Not reported where "
                 "anything is called or stopped before: that may be what stops them.",
             .why =
                 "delete_module knows no purge method; systools makes it `{remove, {M, "
                 "brutal_purge, brutal_purge}}` and `{purge, [M]}`, which kills whoever is in the "
                 "module at that moment. A gen_server is not in it but in gen_server, so it lives "
                 "on, also with a soft purge, and fails with `undef` at the next message. Its "
                 "supervisor then starts it "
                 "again from a module that is gone, and gives up, with everything else it had.",
             .wrong = R"({"2.0",
 [{"1.0", [{update, shop_sup, supervisor}, {delete_module, shop_ledger}]}],
 [{"1.0", [{add_module, shop_ledger}, {update, shop_sup, supervisor},
           {apply, {supervisor, restart_child, [shop_sup, shop_ledger]}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, shop_ledger]}},
           {apply, {supervisor, delete_child, [shop_sup, shop_ledger]}},
           {update, shop_sup, supervisor}, {delete_module, shop_ledger}]}],
 [{"1.0", [{add_module, shop_ledger}, {update, shop_sup, supervisor},
           {apply, {supervisor, restart_child, [shop_sup, shop_ledger]}}]}]}.
)",
             .allow = "Where no process of the module is running by then."},
    .check_upgrade = check,
};

}  // namespace relup::lint
