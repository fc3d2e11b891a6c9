// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "facts/reached_calls.hpp"
#include "lint/applied_functions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Calls that change the node. A check of an upgrade should not make them, and some fail when they
// are made twice.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> lasting{{
    {"application", "stop"},
    {"application", "unload"},
    {"erlang", "halt"},
    {"erlang", "register"},
    {"erlang", "unregister"},
    {"ets", "delete"},
    {"ets", "delete_all_objects"},
    {"ets", "new"},
    {"ets", "update_counter"},
    {"gen_event", "add_handler"},
    {"gen_event", "delete_handler"},
    {"gen_server", "cast"},
    {"gen_server", "stop"},
    {"gen_statem", "cast"},
    {"gen_statem", "stop"},
    {"init", "reboot"},
    {"init", "restart"},
    {"init", "stop"},
    {"mnesia", "create_table"},
    {"mnesia", "transform_table"},
    {"supervisor", "delete_child"},
    {"supervisor", "restart_child"},
    {"supervisor", "start_child"},
    {"supervisor", "terminate_child"},
}};

bool is_lasting(std::string_view module, std::string_view function) {
  return std::find(lasting.begin(), lasting.end(), std::pair(module, function)) != lasting.end();
}

// The first call of the function that changes the node, "ets:new/2", its own or one that it reaches
// inside its module; empty where there is none.
std::string first_lasting_call(const beam::SourceCode& code, const facts::FunctionName& function) {
  std::string first;
  facts::for_each_reached_call(code, function.name.name(), function.arity,
                               [&](const facts::ReachedCall& call) {
                                 if (!first.empty() || !is_lasting(call.module, call.function))
                                   return;
                                 first = call.describe();
                               });
  return first;
}

Diagnostic& add(const Source& source, Span span, const std::string& what, Findings& findings) {
  Diagnostic& finding = findings.add(
      source, span,
      what + ", and that runs twice: when the release is checked, and again when it is installed");
  finding.notes.emplace_back(
      "in front of point_of_no_return belongs what only looks, and may be done any number of "
      "times");
  return finding;
}

std::string name_of(const appup::Apply& apply) {
  return print_atom(apply.module.name()) + ":" + print_atom(apply.function.name());
}

void check_entry(const ParsedAppup& appup, const ParsedEntry& entry, Findings& findings) {
  const auto point = std::find_if(
      entry.instructions.begin(), entry.instructions.end(), [](const ParsedInstruction& each) {
        return each.action && std::holds_alternative<appup::PointOfNoReturn>(*each.action);
      });
  if (point == entry.instructions.end()) return;
  for (auto instruction = entry.instructions.begin(); instruction != point; ++instruction) {
    const auto* apply =
        instruction->action ? std::get_if<appup::Apply>(&*instruction->action) : nullptr;
    if (apply == nullptr || !is_lasting(apply->module.name(), apply->function.name())) continue;
    add(appup.source, instruction->term.span(), name_of(*apply) + " changes the node", findings);
  }
}

void check_alone(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries)
    check_entry(appup, entry, findings);
}

void check_script(const ScriptView& view, Findings& findings) {
  for (const AppliedFunction& applied : applied_functions(view)) {
    if (!applied.before_point_of_no_return) continue;
    const beam::SourceCode* code = source_of(view, applied);
    if (code == nullptr) continue;
    const std::string call = first_lasting_call(*code, applied.function);
    if (call.empty() && code->extent() != beam::Extent::whole) add_too_large(applied, findings);
    if (call.empty()) continue;
    const appup::Instruction& instruction = *applied.instruction;
    Diagnostic& finding = add(instruction.source, instruction.span,
                              applied.describe() + " may call " + call, findings);
    finding.severity = Severity::note;
  }
}

}  // namespace

extern const Rule apply_runs_twice{
    .code = "RU601",
    .name = "apply-runs-twice",
    .severity = Severity::warning,
    .summary = "an apply in front of point_of_no_return changes the node at every check",
    .page = {.what =
                 "An apply in front of point_of_no_return of a function that is known to leave "
                 "something behind: it stops or starts children, makes or empties a table, "
                 "registers a name, sends a cast. A note where, by its debug information, it only "
                 "may call one.",
             .why =
                 "release_handler:check_install_release/1 runs all that stands in front of the "
                 "point of no return, and install_release/1 runs it again. A check that stops a "
                 "child has stopped it although nothing was installed, and a named table that is "
                 "made twice is a badarg that refuses the upgrade.",
             .wrong = R"({"2.0",
 [{"1.0", [{apply, {supervisor, terminate_child, [shop_sup, till]}},
           point_of_no_return,
           {load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [point_of_no_return,
           {apply, {supervisor, terminate_child, [shop_sup, till]}},
           {load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow =
                 "Where it does no harm to a node that stays as it is, and may be done twice."},
    .check_appup = check_alone,
    .check_script = check_script,
};

}  // namespace relup::lint
