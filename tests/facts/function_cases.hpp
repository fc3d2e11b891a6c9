// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small modules that differ in what their functions do, and what is to be found in each of them.
// All are compiled in one go, without debug information.

#include <map>
#include <string>
#include <vector>

namespace relup::facts {

struct FunctionCase {
  const char* name;
  const char* functions;  // of a module m, which exports all of them
  const char* expected;
};

// The bytes of the .beam files, by the names of the cases; `attributes` stand in each module.
std::map<std::string, std::string> compile_cases(const std::vector<FunctionCase>& cases,
                                                 const std::string& attributes = "");

}  // namespace relup::facts
