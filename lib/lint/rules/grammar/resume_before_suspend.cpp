// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <unordered_map>

#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

// The modules that the instructions so far suspend and resume.
class Suspensions {
 public:
  void follow(const ParsedInstruction& instruction) {
    if (!instruction.action) return;
    if (const auto* suspend = std::get_if<appup::Suspend>(&*instruction.action)) {
      for (const auto& target : suspend->targets)
        suspended_.try_emplace(target.module, suspended_so_far_++);
    } else if (const auto* resume = std::get_if<appup::Resume>(&*instruction.action)) {
      for (const Atom module : resume->modules) {
        last_resume_[module] = &instruction;
        suspended_.erase(module);
      }
    }
  }

  // Those that are suspended now, in the order in which they were.
  std::vector<Atom> suspended() const {
    std::map<std::size_t, Atom> in_order;
    for (const auto& [module, place] : suspended_)
      in_order.emplace(place, module);
    std::vector<Atom> modules;
    for (const auto& [place, module] : in_order)
      modules.push_back(module);
    return modules;
  }

  // Null where there was none.
  const ParsedInstruction* last_resume_of(Atom module) const {
    const auto found = last_resume_.find(module);
    return found == last_resume_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<Atom, std::size_t> suspended_;
  std::size_t suspended_so_far_ = 0;
  std::unordered_map<Atom, const ParsedInstruction*> last_resume_;
};

void check_entry(const ParsedAppup& appup, const ParsedEntry& entry, Findings& findings) {
  Suspensions suspensions;
  for (const ParsedInstruction& instruction : entry.instructions)
    suspensions.follow(instruction);
  for (const Atom module : suspensions.suspended()) {
    const ParsedInstruction* resume = suspensions.last_resume_of(module);
    if (resume == nullptr) continue;
    Diagnostic& finding =
        findings.add(appup.source, resume->term.span(),
                     print(Term(module)) + " is suspended behind this resume, and stays so");
    finding.notes.emplace_back("move the resume behind the suspend and the load");
  }
}

void check(const ParsedAppup& appup, Findings& findings) {
  for (const ParsedEntry& entry : appup.entries)
    check_entry(appup, entry, findings);
}

}  // namespace

extern const Rule resume_before_suspend{
    .code = "RU007",
    .name = "resume-before-suspend",
    .severity = Severity::error,
    .summary = "processes that stay suspended, since their resume stands in front",
    .page = {.what = "A module whose last `suspend` has no `resume` behind it, though one stands "
                     "in front of it.",
             .why = "systools counts only whether every suspended module is resumed somewhere, so "
                    "it compiles. On the node the resume does nothing, and after the upgrade the "
                    "processes stay suspended: calls to them run into their timeouts, one after "
                    "the other, while the upgrade counts as done.",
             .wrong = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {resume, [shop]},
           {load, {shop, soft_purge, soft_purge}},
           {suspend, [shop]}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .right = R"({"2.0",
 [{"1.0", [{load_object_code, {shop, "2.0", [shop]}},
           {suspend, [shop]},
           {load, {shop, soft_purge, soft_purge}},
           {resume, [shop]}]}],
 [{"1.0", [{load_module, shop}]}]}.
)",
             .allow = "Where an `apply` behind it resumes the processes by itself."},
    .check_appup = check,
};

}  // namespace relup::lint
