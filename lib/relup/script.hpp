// SPDX-License-Identifier: Apache-2.0
#pragma once

// A relup (relup(4)): for each release one can come from or go back to, a low-level script that
// OTP's release handler runs step by step.

#include <string>
#include <vector>

#include "appup/instruction.hpp"
#include "term/term.hpp"

namespace relup {

// The steps of one script, each with the place in an appup that caused it.
using Script = std::vector<appup::Instruction>;

struct RelupEntry {
  std::string version;  // of the release at the other end
  Term description;     // any term, [] when none was given
  Script script;
};

struct Relup {
  std::string version;  // of the release that the relup belongs to
  std::vector<RelupEntry> up;
  std::vector<RelupEntry> down;
};

Term to_term(const Script& script);
Term to_term(const Relup& relup);

}  // namespace relup
