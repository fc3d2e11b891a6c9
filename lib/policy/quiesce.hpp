// SPDX-License-Identifier: Apache-2.0
#pragma once

// What relup.yaml says of clients while an install goes on: which listeners let nobody in and hold
// their connections still, and which modules serve the upgrade alone.

#include <chrono>
#include <vector>

#include "term/term.hpp"

namespace relup::policy {

struct Quiesce {
  enum class Connections { suspend, leave };

  std::vector<Term> listeners;  // as ranch knows them
  Connections connections = Connections::suspend;
  std::chrono::milliseconds connection_timeout{5'000};  // for one to stand still
  std::chrono::milliseconds drain_requests{10'000};     // for requests under way to end; 0: not
  std::vector<Atom> upgrade_modules;

  bool is_wished() const { return !listeners.empty() || !upgrade_modules.empty(); }
};

}  // namespace relup::policy
