// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// The modules whose processes are suspended after the instructions so far.
class SuspendedModules {
 public:
  void follow(const appup::Action& action) {
    if (const auto* suspend = std::get_if<appup::Suspend>(&action)) {
      for (const auto& target : suspend->targets) {
        suspended_.insert(target.module);
        resumed_.erase(target.module);
      }
    } else if (const auto* resume = std::get_if<appup::Resume>(&action)) {
      for (const Atom module : resume->modules) {
        if (suspended_.erase(module) > 0) resumed_.insert(module);
      }
    }
  }

  bool has(Atom module) const { return suspended_.contains(module); }
  bool had(Atom module) const { return resumed_.contains(module); }

 private:
  std::unordered_set<Atom> suspended_;
  std::unordered_set<Atom> resumed_;
};

void check_entry(const ParsedAppup& appup, const ParsedEntry& entry, Findings& findings) {
  SuspendedModules suspended;
  for (const ParsedInstruction& instruction : entry.instructions) {
    if (!instruction.action) continue;
    suspended.follow(*instruction.action);
    const auto* change = std::get_if<appup::CodeChange>(&*instruction.action);
    if (change == nullptr) continue;
    for (const auto& [module, extra] : change->modules) {
      if (suspended.has(module)) continue;
      Diagnostic& finding = findings.add(
          appup.source, instruction.term.span(),
          "code_change of " + print(Term(module)) + ", which is " +
              (suspended.had(module) ? "resumed already" : "not suspended") + ": nothing happens");
      finding.notes.push_back("put {suspend, [" + print(Term(module)) +
                              "]} in front of the load and {resume, [" + print(Term(module)) +
                              "]} behind the code_change, or use {update, " + print(Term(module)) +
                              ", {advanced, Extra}}");
    }
  }
}

void check(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries)
    check_entry(appup, entry, findings);
}

}  // namespace

extern const Rule code_change_unsuspended{
    .code = "RU008",
    .name = "code-change-unsuspended",
    .severity = Severity::warning,
    .summary = "a code_change for processes that are not suspended",
    .page = {.what = "A low-level `code_change` of a module that no `suspend` in front of it "
                     "names, or that has been resumed already.",
             .why = "The release handler changes the code of the processes that it has suspended "
                    "for that module, and passes over all others without a word. The processes go "
                    "on with new code and the old state, and crash when they touch it. systools "
                    "has a check for it that never fires.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {load, {shop, soft_purge, soft_purge}},
           {code_change, [{shop, []}]}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {suspend, [shop]},
           {load, {shop, soft_purge, soft_purge}},
           {code_change, [{shop, []}]},
           {resume, [shop]}]}],
 [{"1.0", [{update, shop, {advanced, []}}]}]}.
)",
             .allow = "Where the appup of another application suspends the module."},
    .check_appup = check,
};

}  // namespace relup::lint
