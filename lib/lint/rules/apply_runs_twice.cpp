// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "lint/rules/declarations.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

// A module without a function stands for all of them.
constexpr std::array<Name, 23> harmless{{
    {"io", ""},
    {"logger", ""},
    {"error_logger", ""},
    {"Elixir.IO", ""},
    {"Elixir.Logger", ""},
    {"code", ""},
    {"timer", "sleep"},
    {"application", "ensure_all_started"},
    {"application", "ensure_started"},
    {"application", "get_env"},
    {"application", "load"},
    {"application", "set_env"},
    {"application", "start"},
    {"application", "which_applications"},
    {"erlang", "garbage_collect"},
    {"erlang", "node"},
    {"ets", "info"},
    {"ets", "insert"},
    {"ets", "lookup"},
    {"os", "getenv"},
    {"os", "putenv"},
    {"persistent_term", "get"},
    {"persistent_term", "put"},
}};

// What a node that is only asked should not see, and what is not the same when it is done twice.
constexpr std::array<Name, 14> lasting{{
    {"supervisor", ""},
    {"gen_server", ""},
    {"gen_statem", ""},
    {"gen_event", ""},
    {"init", ""},
    {"application", "stop"},
    {"application", "unload"},
    {"erlang", "exit"},
    {"erlang", "halt"},
    {"erlang", "register"},
    {"erlang", "send"},
    {"erlang", "spawn"},
    {"ets", "new"},
    {"ets", "update_counter"},
}};

template <std::size_t size>
bool contains(const std::array<Name, size>& names, const appup::Apply& apply) {
  return std::any_of(names.begin(), names.end(), [&](const Name& name) {
    return apply.module == name.first && (name.second.empty() || apply.function == name.second);
  });
}

void check_entry(const AppupView& appup, const EntryView& entry, Report& report) {
  const auto point = std::find_if(
      entry.instructions.begin(), entry.instructions.end(), [](const InstructionView& each) {
        return each.action && std::holds_alternative<appup::PointOfNoReturn>(*each.action);
      });
  if (point == entry.instructions.end()) return;
  for (auto instruction = entry.instructions.begin(); instruction != point; ++instruction) {
    const auto* apply =
        instruction->action ? std::get_if<appup::Apply>(&*instruction->action) : nullptr;
    if (apply == nullptr || contains(harmless, *apply)) continue;
    Diagnostic& finding = report.add(
        appup.source, instruction->term.span(),
        print_atom(apply->module.name()) + ":" + print_atom(apply->function.name()) +
            " runs twice: when the release is checked, and again when it is installed");
    if (contains(lasting, *apply)) finding.severity = Severity::warning;
    finding.notes.emplace_back(
        "in front of point_of_no_return belongs what only looks, and may be done any number of "
        "times");
  }
}

void check(const AppupView& appup, Report& report) {
  for (const EntryView& entry : appup.entries)
    check_entry(appup, entry, report);
}

}  // namespace

const Rule apply_runs_twice{
    .code = "RU601",
    .name = "apply-runs-twice",
    .severity = Severity::note,
    .summary = "an apply in front of point_of_no_return runs at every check, too",
    .page =
        {.what = "An apply in front of point_of_no_return, unless the function is known to be "
                 "harmless. A warning where it is known to leave something behind: calls of "
                 "supervisors and servers, ets:new, register.",
         .why = "release_handler:check_install_release/1 runs all that stands in front of the "
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
         .allow = "Where the function only looks at the node, or may well be called twice."},
    .check_appup = check,
};

}  // namespace relup::lint
