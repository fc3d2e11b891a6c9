// SPDX-License-Identifier: Apache-2.0
#pragma once

// The options that every verb takes, as they are written in a call, and what they mean.

#include "verb.hpp"

namespace relup::cmd {

struct GlobalArguments {
  std::string format = "text";
  std::string colour = "auto";
  std::string progress = "auto";
  std::string config;
  bool quiet = false;
  bool verbose = false;
};

Arguments describe(GlobalArguments& arguments);

GlobalOptions meaning_of(const GlobalArguments& arguments);

// An Error (usage) for a format that the called verb does not have.
void check_format(const Verb& verb, const GlobalOptions& options);

}  // namespace relup::cmd
