// SPDX-License-Identifier: Apache-2.0
#pragma once

// Long work on files comes by here between two of them, and wherever else it can end. Who has begun
// it may have learnt meanwhile that it is in vain, and then throws: the work ends as it does when
// anything else fails.

namespace relup {

class Checkpoint {
 public:
  Checkpoint() = default;
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;
  virtual ~Checkpoint() = default;
  // Called often, so it has to be cheap.
  virtual void pass() = 0;
};

// Lets everybody pass.
Checkpoint& no_checkpoint();

}  // namespace relup
