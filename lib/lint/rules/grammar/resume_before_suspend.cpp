// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lint/rule.hpp"
#include "term/printer.hpp"

namespace relup::lint {
namespace {

struct Mention {
  Atom module;
  const InstructionView* instruction;
};
using Mentions = std::vector<Mention>;

Mentions::iterator find(Mentions& mentions, Atom module) {
  return std::find_if(mentions.begin(), mentions.end(),
                      [module](const Mention& mention) { return mention.module == module; });
}

void put(Mentions& mentions, const Mention& mention) {
  const auto known = find(mentions, mention.module);
  if (known == mentions.end()) {
    mentions.push_back(mention);
  } else {
    *known = mention;
  }
}

void drop(Mentions& mentions, Atom module) {
  std::erase_if(mentions, [module](const Mention& mention) { return mention.module == module; });
}

struct Suspension {
  Mentions suspended;  // so far
  Mentions resumed;    // where last

  void follow(const InstructionView& instruction) {
    if (!instruction.action) return;
    if (const auto* suspend = std::get_if<appup::Suspend>(&*instruction.action)) {
      for (const auto& target : suspend->targets)
        put(suspended, {target.module, &instruction});
    } else if (const auto* resume = std::get_if<appup::Resume>(&*instruction.action)) {
      for (const Atom module : resume->modules) {
        put(resumed, {module, &instruction});
        drop(suspended, module);
      }
    }
  }
};

void check_entry(const AppupView& appup, const EntryView& entry, Findings& findings) {
  Suspension suspension;
  for (const InstructionView& instruction : entry.instructions)
    suspension.follow(instruction);
  for (const Mention& left : suspension.suspended) {
    const auto resume = find(suspension.resumed, left.module);
    if (resume == suspension.resumed.end()) continue;
    Diagnostic& finding =
        findings.add(appup.source, resume->instruction->term.span(),
                     print(Term(left.module)) + " is suspended behind this resume, and stays so");
    finding.notes.emplace_back("move the resume behind the suspend and the load");
  }
}

void check(const AppupView& appup, Findings& findings) {
  for (const EntryView& entry : appup.entries)
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
