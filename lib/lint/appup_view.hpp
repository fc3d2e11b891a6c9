// SPDX-License-Identifier: Apache-2.0
#pragma once

// An appup as the rules look at it: every entry of both lists with its instructions read, as far as
// they can be. Nothing here complains; what does not fit is left out, or has no `action`, and the
// rules say what is wrong with it.

#include <optional>
#include <vector>

#include "appup/appup.hpp"
#include "appup/instruction.hpp"

namespace relup::lint {

struct InstructionView {
  Term term;                            // as it stands in the file, be it in a list inside the list
  std::optional<appup::Action> action;  // none of what is no instruction
};

struct EntryView {
  appup::Direction direction = appup::Direction::up;
  Term version;                               // a string, or a binary with a regular expression
  Term list;                                  // the instructions as they stand in the file
  std::vector<InstructionView> instructions;  // empty where `list` is none
  Span span;

  // Whether the release handler gets no say in single modules: the application or the emulator is
  // restarted.
  bool restarts() const;
};

struct AppupView {
  Atom application;  // by the name of the file
  Source source;
  appup::Appup appup;
  std::vector<Span> comments;
  std::vector<EntryView>
      entries;     // those up, then those down; what has not the shape of one is not
  Span full_stop;  // of the first term
  std::string application_version = {};    // as LintFile has it
  std::vector<std::string> deployed = {};  // the versions that relup.yaml names

  // The entry that serves `version`; null where none does.
  const EntryView* find(appup::Direction direction, const std::string& version) const;
};

AppupView view_appup(const appup::Appup& appup, std::vector<Span> comments);

using appup::module_of;

// The lists up and down, as they stand in the file.
const Term& list_of(const AppupView& appup, appup::Direction direction);

// The modules that an instruction waits for.
const std::vector<Atom>* dep_mods_of(const appup::Action& action);

// Whether an instruction of the entry is about the module.
bool names(const EntryView& entry, Atom module);

// Whether an instruction of one of `entries`, on that way, has `module` among its DepMods.
bool is_depended_on(const std::vector<const EntryView*>& entries, appup::Direction direction,
                    Atom module);

// "up from "1.0"", "down to "1.0"", for messages.
std::string describe(const EntryView& entry);

}  // namespace relup::lint
