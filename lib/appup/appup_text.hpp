// SPDX-License-Identifier: Apache-2.0
#pragma once

// An appup as text for people: one instruction a line. A generated file carries a mark with a
// digest of what follows it, so that relup can tell its own work, which it may write anew, from one
// that somebody has edited, which it may not.

#include <string>
#include <string_view>
#include <vector>

#include "appup/instruction.hpp"

namespace relup::appup {

struct VersionScript {
  std::string version;  // to come from, or to go back to
  std::vector<Action> instructions;
};

struct AppupDocument {
  std::string version;
  std::vector<VersionScript> up;
  std::vector<VersionScript> down;
};

std::string generated_text(const std::string& application, const AppupDocument& document);

enum class Authorship { generated, edited };

// Who wrote the last word in an appup file: relup, or somebody after it (or without it).
Authorship authorship(std::string_view text);

}  // namespace relup::appup
