// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "lint/applied_functions.hpp"
#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// Modules of the emulator itself (erts, preloaded), which no application has.
constexpr std::array<std::string_view, 21> preloaded{
    "atomics",
    "counters",
    "erl_init",
    "erl_prim_loader",
    "erl_tracer",
    "erlang",
    "erts_code_purger",
    "erts_dirty_process_signal_handler",
    "erts_internal",
    "erts_literal_area_collector",
    "init",
    "persistent_term",
    "prim_buffer",
    "prim_eval",
    "prim_file",
    "prim_inet",
    "prim_net",
    "prim_socket",
    "prim_zip",
    "socket_registry",
    "zlib",
};

class ApplyCheck {
 public:
  ApplyCheck(const ScriptView& view, const AppliedFunction& applied, Findings& findings)
      : releases_(view.releases),
        applied_(applied),
        findings_(findings),
        module_(print_atom(applied.module.name())),
        target_(arriving(view.direction)) {}

  void run() {
    if (std::find(preloaded.begin(), preloaded.end(), applied_.module.name()) != preloaded.end()) {
      return;
    }
    if (applied_.side) return check_export(*applied_.side);
    const bool is_somewhere = has(Side::from) || has(Side::to);
    if (is_somewhere) return check_loaded();
    // A tree without OTP's own code does not say whether the module exists.
    if (releases_.owner(target_, Atom("application")) == nullptr) return;
    add("neither release has the module " + module_);
  }

 private:
  bool has(Side side) const { return releases_.owner(side, applied_.module) != nullptr; }
  bool exports(Side side) const {
    const facts::ModuleFacts* facts = releases_.facts(side, applied_.module);
    return facts != nullptr &&
           facts->exports_function(applied_.function.name.name(), applied_.function.arity);
  }

  void check_export(Side side) {
    if (exports(side)) return;
    if (!exports(other(side))) {
      add(applied_.describe() + " is exported in neither release");
      return;
    }
    Diagnostic& finding =
        add(applied_.describe() + " is not exported by " + module_ + " of " +
            releases_.describe(side) + ", which is the one that is loaded at this step");
    if (side != target_) {
      finding.notes.push_back(releases_.describe(target_) +
                              " exports it: put the apply behind the instruction that loads " +
                              module_);
    } else {
      finding.notes.push_back(releases_.describe(other(target_)) +
                              " exports it: put the apply in front of the instruction that "
                              "loads " +
                              module_);
    }
  }

  // In interactive mode a node loads the module by itself once its code path leads to the new
  // release.
  void check_loaded() {
    const bool may_load_itself = has(target_) && !applied_.before_point_of_no_return;
    Diagnostic& finding =
        add(module_ + " is not loaded at this step, so " + applied_.describe() + " is undefined");
    if (may_load_itself) finding.severity = Severity::warning;
  }

  static Side other(Side side) { return side == Side::from ? Side::to : Side::from; }

  Diagnostic& add(const std::string& message) {
    Diagnostic& finding =
        findings_.add(applied_.instruction->source, applied_.instruction->span, message);
    finding.notes.emplace_back(applied_.before_point_of_no_return
                                   ? "the call fails, and the upgrade is refused"
                                   : "the call fails, and that restarts the node");
    return finding;
  }

  const ReleasePair& releases_;
  const AppliedFunction& applied_;
  Findings& findings_;
  std::string module_;
  Side target_;
};

void check(const ScriptView& view, Findings& findings) {
  for (const AppliedFunction& applied : applied_functions(view))
    ApplyCheck(view, applied, findings).run();
}

}  // namespace

extern const Rule undefined_apply{
    .code = "RU604",
    .name = "undefined-apply",
    .severity = Severity::error,
    .summary = "an apply calls a function that is not there at that step",
    .page =
        {.what = "An apply of a function that is not exported by the version of the module that is "
                 "loaded when the step is done, of a module that is not loaded then, or of one "
                 "that neither release has. A warning where a node in interactive mode would load "
                 "the module by itself.",
         .why = "Behind the point of no return an undefined call restarts the node; in front of it "
                "the upgrade is refused. What runs is the old code until the step that loads the "
                "new one, and on the way down the other way round, so a list that is copied from "
                "the way up is often wrong.",
         .wrong = R"({"2.0",
 [{"1.0", [{apply, {shop, open_till, []}}, {load_module, shop}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .right = R"({"2.0",
 [{"1.0", [{load_module, shop}, {apply, {shop, open_till, []}}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
         .allow = "Where the module is put on the node by other means before the upgrade."},
    .check_script = check,
};

}  // namespace relup::lint
