// SPDX-License-Identifier: Apache-2.0
#include "base/words.hpp"
#include "lint/rule.hpp"
#include "lint/step_cause.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Several functions of one module, called by another over the same steps, are one finding.
struct Window {
  const simulate::UndefinedCall* first;
  std::vector<std::string> functions;
};

bool same_window(const simulate::UndefinedCall& left, const simulate::UndefinedCall& right) {
  return left.caller == right.caller && left.callee == right.callee &&
         left.opened_by == right.opened_by && left.closed_by == right.closed_by;
}

std::string name_of(const simulate::UndefinedCall& call) {
  return print_function(call.callee.name(), call.function.name.name(), call.function.arity);
}

std::vector<Window> windows_of(const std::vector<simulate::UndefinedCall>& calls) {
  std::vector<Window> windows;
  for (const simulate::UndefinedCall& call : calls) {
    if (!windows.empty() && same_window(*windows.back().first, call)) {
      windows.back().functions.push_back(name_of(call));
    } else {
      windows.push_back({&call, {name_of(call)}});
    }
  }
  return windows;
}

void check(const ScriptView& view, Findings& findings) {
  for (const auto& [call, functions] : windows_of(view.simulation.undefined_calls)) {
    const auto place = cause_of_steps(view.script, {call->opened_by, call->closed_by});
    if (!place) continue;
    const bool is_mended = call->closed_by < view.script.size();
    Diagnostic& finding = findings.add(
        place->source, place->span,
        describe_way(view) + ", from step " + std::to_string(call->opened_by + 1) + " " +
            (is_mended ? "until step " + std::to_string(call->closed_by + 1) : "on") + " " +
            print_atom(call->caller.name()) + " can call " + joined(functions) +
            (functions.size() == 1 ? ", which is not there" : ", which are not there"));
    finding.notes.push_back(
        is_mended ? "tie them with DepMods, or suspend " + print_atom(call->caller.name()) +
                        " while both are switched"
                  : "an instruction for one of the two modules is missing, or comes to nothing");
  }
}

}  // namespace

extern const Rule undefined_call{
    .code = "RU701",
    .name = "undefined-call",
    .severity = Severity::warning,
    .summary = "between two steps, code that runs calls a function that is not loaded",
    .page =
        {.what = "The script, run step by step on a model of the node, comes to a step after which "
                 "a module that is neither suspended nor stopped calls a function that the loaded "
                 "version of another module does not export. In its own release the call is fine. "
                 "Not reported where no script does better: where each order of the two loads "
                 "leaves some call open and nothing is done between them, and where the "
                 "application that is called is stopped.",
         .why = "A process that makes the call in that moment dies with `undef`. The time between "
                "two loads is short, but a busy system makes thousands of calls in it; and where a "
                "suspend or an apply stands in between, it is as long as that takes. Generators "
                "that sort modules by name leave such windows in every second upgrade.",
         .wrong = R"({"2.0",
 [{"1.0", [{load_module, shop}, {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop}, {load_module, shop_price, [shop]}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop, [shop_price]}, {load_module, shop_price}]}],
 [{"1.0", [{load_module, shop, [shop_price]}, {load_module, shop_price}]}]}.
)",
         .allow = "Where nobody can make the call at that time, or where the caller survives it."},
    .check_script = check,
};

}  // namespace relup::lint
