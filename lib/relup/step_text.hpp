// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sentences of a narration (narration.hpp), and the script of an appup's entry, made without
// the releases that it leads between.

#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "release/problem.hpp"
#include "relup/script.hpp"

namespace relup {

// Whether a step stands in front of the point of no return or behind it.
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
std::optional<Script> script_of_entry(const EntryScript& entry, release::Problems& problems);

}  // namespace relup
