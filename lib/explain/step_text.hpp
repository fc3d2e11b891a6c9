// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sentences of a narration (narration.hpp), and the script of an appup's entry, made without
// the releases that it leads between.

#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "relup/script.hpp"
#include "term/problem.hpp"

namespace relup::explain {

// Whether a step stands before the point of no return or after it.
enum class Phase { before, after };

std::string step_text(const appup::Action& action, Phase phase);
std::string suspend_text(const appup::Suspend& suspend);

std::string listed(const std::vector<Atom>& modules);  // "a, b and c"
// A version as an appup has it: a string, or a regular expression, which goes between slashes.
std::string print_version(const Term& version);

struct EntryScript {
  Atom application;
  std::string version;  // where the script leads
  appup::Direction direction;
  Term instructions;
  Source source;
};

// None when `problems` grew. An instruction for a whole application becomes one step, which
// `step_text` knows.
std::optional<Script> script_of_entry(const EntryScript& entry, Problems& problems);

}  // namespace relup::explain
