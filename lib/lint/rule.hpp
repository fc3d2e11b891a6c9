// SPDX-License-Identifier: Apache-2.0
#pragma once

// A rule of the linter: a value that knows its name, its page, and how to look. Each stands in a
// file of its own in rules/, and rules.cpp lists them. A rule looks at one of four things, and
// leaves the other functions null: an appup by itself, an appup held against the two releases, the
// script of a whole way from one release to the other, or a comment that allows a finding. What
// `compile` rejects is found by the compiler; the rule then only says which of its findings are its
// own.

#include <string_view>
#include <vector>

#include "lint/allowance.hpp"
#include "lint/appup_view.hpp"
#include "lint/findings.hpp"
#include "lint/release_pair.hpp"
#include "relup/script.hpp"
#include "simulate/simulation.hpp"

namespace relup::lint {

// What `relup explain` shows and docs/rules/ holds; Markdown, without headings. `wrong` and `right`
// are appups of the application shop 2.0, and the tests lint them: the rule finds something in the
// one and nothing in the other. A rule that needs releases has them in testdata/lint/NAME.txt.
struct Page {
  std::string_view what;   // what is found
  std::string_view why;    // what happens on the node, with the incident behind it
  std::string_view wrong;  // an appup
  std::string_view right;  // the same as it should be
  std::string_view allow;  // when it is fine as it is
};

// An appup and the change of its application between the releases. The entries are those that serve
// the version of the old release; null where none does.
struct UpgradeView {
  const AppupView& appup;
  const ReleasePair& releases;
  const diff::ApplicationChange& change;
  const EntryView* up;
  const EntryView* down;
  std::vector<const EntryView*> entries;  // those of the whole upgrade, both ways
};

// Calls `check` with every instruction of the two entries, and its entry.
template <typename Check>
void for_instructions(const UpgradeView& view, Check check) {
  for (const EntryView* entry : {view.up, view.down}) {
    if (entry == nullptr) continue;
    for (const InstructionView& instruction : entry->instructions)
      check(*entry, instruction);
  }
}

// One script of a relup, whatever it was made from, run in the simulator.
struct ScriptView {
  appup::Direction direction;
  const Script& script;
  const ReleasePair& releases;
  const simulate::Simulation& simulation;
  // Whether it stands in a relup file; else it was compiled from appups.
  enum class Origin { appups, relup_file } origin;
};

// A comment that allows findings, after all others have been made.
struct AllowanceView {
  const Source& source;
  const Allowance& allowance;
};

struct Rule {
  std::string_view code;  // "RU003"; never given twice
  std::string_view name;  // reads well behind "allow"
  Severity severity;      // unless relup.yaml says otherwise
  std::string_view summary;
  Page page;
  std::vector<std::string_view> compiler_rules = {};  // findings of `compile` that are this rule's
  void (*check_appup)(const AppupView& appup, Findings& findings) = nullptr;
  void (*check_upgrade)(const UpgradeView& view, Findings& findings) = nullptr;
  void (*check_script)(const ScriptView& view, Findings& findings) = nullptr;
  void (*check_allowance)(const AllowanceView& view, Findings& findings) = nullptr;
};

}  // namespace relup::lint
