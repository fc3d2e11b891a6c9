// SPDX-License-Identifier: Apache-2.0
#pragma once

// An appup with every instruction of both lists read, as far as it can be. Nothing here complains:
// an element of a list that has not the shape of an entry is left out, an instruction that is none
// has no `action`, and the rules say what is wrong.

#include <optional>
#include <vector>

#include "appup/appup.hpp"
#include "appup/appup_name.hpp"
#include "appup/instruction.hpp"

namespace relup::lint {

struct ParsedInstruction {
  Term term;                            // as the file has it, also inside an inner list
  std::optional<appup::Action> action;  // none of what is no instruction
};

struct ParsedEntry {
  appup::Direction direction = appup::Direction::up;
  Term version;                                 // a string, or a binary with a regular expression
  Term list;                                    // the instructions as the file has them
  std::vector<ParsedInstruction> instructions;  // empty where `list` is no list
  Span span;

  // Whether the application or the emulator is restarted, so that instructions for single modules
  // change nothing.
  bool restarts() const;
};

struct ParsedAppup {
  Atom application;  // by the name of the file
  Source source;
  appup::Appup appup;
  std::vector<Span> comments;
  std::vector<ParsedEntry> entries;        // those of the list up, then those of the list down
  Span full_stop;                          // of the first term
  std::string application_version = {};    // as LintFile has it
  std::vector<std::string> deployed = {};  // the versions that relup.yaml names
  appup::AppupForm form = appup::AppupForm::plain;

  // The entry that serves `version`; null where none does.
  const ParsedEntry* find(appup::Direction direction, const std::string& version) const;
};

ParsedAppup parse_appup(const appup::Appup& appup, std::vector<Span> comments);

using appup::module_of;

// The list up or down, as the file has it.
const Term& list_of(const ParsedAppup& appup, appup::Direction direction);

// The DepMods of an instruction; null where its kind has none.
const std::vector<Atom>* dep_mods_of(const appup::Action& action);

// "up from "1.0"", "down to "1.0"", for messages.
std::string describe(const ParsedEntry& entry);

}  // namespace relup::lint
