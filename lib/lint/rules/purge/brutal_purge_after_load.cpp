// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include "lint/module_reloads.hpp"
#include "lint/purge_terms.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Functions that only a behaviour calls, in the process of the module itself.
bool is_callback(const facts::ModuleFacts& facts, const beam::FunctionCode& function) {
  constexpr std::array<std::string_view, 9> callbacks{
      "init",         "handle_call",       "handle_cast", "handle_info", "handle_continue",
      "handle_event", "handle_sync_event", "terminate",   "code_change"};
  if (facts.behaviours.empty()) return false;
  const std::string& name = function.name.name();
  const bool may_be_a_state =
      function.arity == 3 && (facts.has_behaviour("gen_statem") || facts.has_behaviour("gen_fsm"));
  return may_be_a_state || std::find(callbacks.begin(), callbacks.end(), name) != callbacks.end();
}

// Finds the functions of a module in which processes wait for one that is suspended meanwhile.
class WaitSearch {
 public:
  // `suspended` are the modules whose processes the entry of the reload suspends.
  WaitSearch(const UpgradeView& view, const Reload& reload, const std::set<Atom>& suspended)
      : releases_(view.releases),
        side_(departing(reload.entry->direction)),
        reload_(reload),
        suspended_(suspended) {}

  std::vector<const beam::FunctionCode*> find() const {
    std::vector<const beam::FunctionCode*> found;
    if (suspended_.empty()) return found;
    const facts::ModuleFacts& facts = *releases_.facts(side_, reload_.module);
    for (const beam::WaitingFunction& waiting : reload_.old_code->waiting_functions()) {
      if (!is_callback(facts, *waiting.function) && waits_for_suspended(waiting)) {
        found.push_back(waiting.function);
      }
    }
    return found;
  }

 private:
  // A server whose name is no module is taken for the module's own process.
  bool waits_for_suspended(const beam::WaitingFunction& waiting) const {
    const bool is_suspended_itself = suspended_.contains(reload_.module);
    return (is_suspended_itself && waiting.asks_others) ||
           std::any_of(waiting.servers.begin(), waiting.servers.end(), [&](Atom server) {
             return suspended_.contains(server) ||
                    (is_suspended_itself && releases_.owner(side_, server) == nullptr);
           });
  }

  const ReleasePair& releases_;
  Side side_;
  const Reload& reload_;
  const std::set<Atom>& suspended_;
};

void add_finding(const UpgradeView& view, const Reload& reload, std::string message,
                 std::string note, Findings& findings) {
  const Term& instruction = reload.instruction->term;
  Diagnostic& finding =
      findings.add(view.appup.source, after_span(instruction), std::move(message));
  finding.notes.push_back(std::move(note));
  finding.notes.emplace_back(
      "soft_purge behind the load lets them live until they have left the old code");
  finding.fix = soft_purge_fix(instruction);
}

void check_reload(const UpgradeView& view, const Reload& reload, const std::set<Atom>& suspended,
                  Findings& findings) {
  if (reload.after != appup::Purge::brutal) return;
  const auto wish = view.releases.policy().module(view.change.name, reload.module);
  if (wish.purge.after == policy::PurgeMethod::brutal) return;
  if (!reload.loops.empty()) {
    return add_finding(view, reload,
                       "make_permanent will kill the processes in " +
                           function_names(reload.module, reload.loops) +
                           ", which never leave the code that is replaced here",
                       "the loop calls itself without the name of its module, so it stays in the "
                       "code it began in",
                       findings);
  }
  const auto waiting = WaitSearch(view, reload, suspended).find();
  if (waiting.empty()) return;
  add_finding(
      view, reload,
      "make_permanent will kill who still waits in " + function_names(reload.module, waiting),
      "these calls wait for a process that is suspended during the upgrade, and the code "
      "of " +
          print_atom(reload.module.name()) + " is on the stack of the callers meanwhile",
      findings);
}

void check(const UpgradeView& view, Findings& findings) {
  std::map<const ParsedEntry*, std::set<Atom>> suspended;
  for (const ParsedEntry* entry : {view.up, view.down}) {
    if (entry != nullptr) suspended[entry] = suspended_modules(*entry);
  }
  for (const Reload& reload : reloads_of(view))
    check_reload(view, reload, suspended.at(reload.entry), findings);
}

}  // namespace

extern const Rule brutal_purge_after_load{
    .code = "RU301",
    .name = "brutal-purge-after-load",
    .severity = Severity::warning,
    .summary = "processes that are still in the old code are killed by make_permanent",
    .page =
        {.what =
             "A PostPurge of brutal_purge, written or meant by a short form, on a module whose "
             "processes linger in the old code: they loop there without ever calling their "
             "module by its name, or they are clients inside a function of the module that waits "
             "for a process which the same script suspends. A client counts only where the "
             "function is still on its stack while it waits: one that ends in "
             "`gen_server:call(...)` leaves nothing of itself.\n\n"
             "Short forms of modules that hold nobody are fine and are not reported.",
         .why =
             "All short forms mean brutal_purge. It does nothing at the load; the release handler "
             "keeps the module in mind, and `make_permanent` kills every process that still has "
             "its old code on the stack. Install scripts make a release permanent at once, when "
             "the callers who piled up during the suspension are still there. supavisor lost "
             "client connections in this way that were blocked in a call "
             "(supabase/supavisor#1001); with 200 clients in such a call we have seen none of "
             "them live, and with soft_purge all of them.",
         .wrong = R"({"2.0",
 [{"1.0", [{update, shop_till, {advanced, []}},
           {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop_price},
           {update, shop_till, {advanced, []}}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{update, shop_till, {advanced, []}, soft_purge, soft_purge, []},
           {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop_price},
           {update, shop_till, {advanced, []}, soft_purge, soft_purge, []}]}]}.
)",
         .allow = "Where the processes may die, because somebody starts them again: `purge: "
                  "{after: brutal}` for the module in relup.yaml says so."},
    .check_upgrade = check,
};

}  // namespace relup::lint
