// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instructions that the policy adds to the script of an application.

#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "appup/instruction.hpp"
#include "base/diagnostic.hpp"
#include "policy/policy.hpp"

namespace relup::plan {

// What an insertion says for one direction, its templates filled in. An error (rule `policy`) for a
// term that is no instruction.
std::vector<appup::Action> read_insertion(const policy::Insertion& insertion,
                                          appup::Direction direction, const std::string& from,
                                          const std::string& to, Diagnostics& diagnostics);

struct InsertionRequest {
  std::vector<policy::Insertion> insertions;
  appup::Direction direction = appup::Direction::up;
  std::string from;  // the versions that templates stand for
  std::string to;
};

// Puts them into `script`, in the order of the policy, and answers what it has put in; those that
// stand beside a module which does not change are left out. Errors as those of read_insertion().
std::vector<appup::Action> insert_instructions(const InsertionRequest& request,
                                               std::vector<appup::Action>& script,
                                               Diagnostics& diagnostics);

}  // namespace relup::plan
