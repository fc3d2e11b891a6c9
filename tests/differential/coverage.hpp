// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which answers of OTP a run has met. The table in coverage.cpp lists every error and warning of
// systools on this path, and the ones that no input reaches, with the reason.

#include <map>
#include <string>
#include <vector>

namespace relup::differential {

class Coverage {
 public:
  void count(const std::vector<std::string>& kinds);

  // Kinds that must have been met and were not.
  std::vector<std::string> missing() const;

  // One line per kind, with how often it was met.
  std::string table() const;

 private:
  std::map<std::string, std::size_t> counts_;
};

}  // namespace relup::differential
