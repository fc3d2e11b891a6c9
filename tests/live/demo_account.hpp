// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the demo tells: lines of at most 80 columns on standard output, each as soon as it is known.
// Colour is for terminals only.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "live/support/load_generator.hpp"

namespace relup::live_tests {

class Account {
 public:
  using Milliseconds = std::chrono::milliseconds;

  Account();

  void title(const std::string& text);
  void paragraph(const std::string& text);
  void heading(const std::string& text);
  // One thing that was done, and how long it took.
  void step(const std::string& name, const std::string& what, Milliseconds took);
  // One thing that is so.
  void fact(const std::string& name, const std::string& text);
  // What the clients saw, phase by phase.
  void table(const std::vector<std::pair<std::string, LoadReport>>& phases);
  void good_end(const std::string& text);
  void bad_end(const std::string& text);

 private:
  std::string styled(const std::string& text, const std::string& style) const;

  bool is_terminal_;
};

// 1234567 as "1 234 567".
std::string grouped(std::uint64_t number);

}  // namespace relup::live_tests
