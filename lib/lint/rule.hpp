// SPDX-License-Identifier: Apache-2.0
#pragma once

// A rule of the linter: a value with its name, its page, and the function that looks. Each is
// defined in a file of its own (rule_list.hpp). A rule looks at one of four things: an appup alone,
// an appup and the two releases that it leads between, the script of a whole way from one release
// to the other, or a comment that allows a finding. Its other functions are null. What `compile`
// rejects is found by the compiler; the rule then only says which of its findings belong to it.

#include <string_view>
#include <vector>

#include "lint/allowance.hpp"
#include "lint/entry_index.hpp"
#include "lint/findings.hpp"
#include "lint/parsed_appup.hpp"
#include "lint/release_pair.hpp"
#include "relup/script.hpp"
#include "simulate/simulation.hpp"

namespace relup::lint {

// How a finding can be allowed where it is right as it is. Where a comment can, the page adds how
// to write it.
enum class AllowedBy { comment, policy, nothing };

// What `relup explain` shows and docs/rules/ holds; Markdown, without headings. `wrong` and `right`
// are appups of the application shop 2.0, and the tests lint them: the rule finds something in the
// one and nothing in the other. A rule that needs releases has them in testdata/lint/NAME.txt.
struct Page {
  std::string_view what;   // what is found
  std::string_view why;    // what happens on the node, and the incident that taught it
  std::string_view wrong;  // an appup
  std::string_view right;  // the same as it should be
  std::string_view allow;  // when it is fine as it is
  AllowedBy allowed_by = AllowedBy::comment;
};

// An appup, and how its application changes between the releases. `up` and `down` are the entries
// that serve the version of the old release; null where none does.
struct UpgradeView {
  const ParsedAppup& appup;
  const ReleasePair& releases;
  const diff::ApplicationChange& change;
  const ParsedEntry* up;
  const ParsedEntry* down;
  // The entries of all applications of the upgrade that the compiler takes, and those above: they
  // differ where several appups are given for one application.
  const EntryIndex& whole;
  EntryIndex own;

  // Whether the answer of an index is yes, for the whole upgrade or for these entries.
  template <typename... Arguments>
  bool any(bool (EntryIndex::*ask)(Arguments...) const, Arguments... arguments) const {
    return (whole.*ask)(arguments...) || (own.*ask)(arguments...);
  }
};

// Calls `check` with every instruction of the two entries, and its entry.
template <typename Check>
void for_instructions(const UpgradeView& view, Check check) {
  for (const ParsedEntry* entry : {view.up, view.down}) {
    if (entry == nullptr) continue;
    for (const ParsedInstruction& instruction : entry->instructions)
      check(*entry, instruction);
  }
}

// The same for instructions that change code while the application runs: those that are understood,
// in entries that restart nothing.
template <typename Check>
void for_hot_instructions(const UpgradeView& view, Check check) {
  for (const ParsedEntry* entry : {view.up, view.down}) {
    if (entry == nullptr || entry->restarts()) continue;
    for (const ParsedInstruction& instruction : entry->instructions) {
      if (instruction.action) check(*entry, instruction);
    }
  }
}

// A script, run in the simulator.
struct ScriptView {
  appup::Direction direction;
  const Script& script;
  const ReleasePair& releases;
  const simulate::Simulation& simulation;
  enum class Origin { appups, relup_file } origin;  // compiled from appups, or read from a relup
};

// A comment that allows findings, after all others have been made.
struct AllowanceView {
  const Source& source;
  const Allowance& allowance;
};

struct Rule {
  std::string_view code;  // "RU003"; never given twice
  std::string_view name;  // reads well after "allow"
  Severity severity;      // unless relup.yaml says otherwise
  std::string_view summary;
  Page page;
  // Judges a choice that `generate` makes with the same knowledge: not held against an appup that
  // relup wrote and nobody has edited.
  bool is_for_authors = false;
  std::vector<std::string_view> compiler_rules = {};  // findings of `compile` that are this rule's
  void (*check_appup)(const ParsedAppup& appup, Findings& findings) = nullptr;
  void (*check_upgrade)(const UpgradeView& view, Findings& findings) = nullptr;
  void (*check_script)(const ScriptView& view, Findings& findings) = nullptr;
  void (*check_allowance)(const AllowanceView& view, Findings& findings) = nullptr;
};

}  // namespace relup::lint
