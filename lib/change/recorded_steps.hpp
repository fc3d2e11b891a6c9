// SPDX-License-Identifier: Apache-2.0
#pragma once

// Passes the steps of a work on to whoever shows them, and writes their ends into the journal.
// Where a record cannot be written, a change that has not asked for its install yet ends with that
// error; after that the record is left out: what the step did is not less true for it.

#include "change/progress.hpp"
#include "host/journal.hpp"

namespace relup::change {

class RecordedSteps final : public Progress {
 public:
  // Both must outlive the object.
  RecordedSteps(Progress& shown, host::Journal& journal) : shown_(shown), journal_(journal) {}

  void report(const StepEvent& event) override {
    shown_.report(event);
    if (event.state != StepState::done && event.state != StepState::failed) return;
    try {
      journal_.step({event.step, event.elapsed, event.state == StepState::failed});
    } catch (const Error&) {
      if (event.state == StepState::done && !journal_.operation().is_install_asked) throw;
    }
  }

 private:
  Progress& shown_;
  host::Journal& journal_;
};

}  // namespace relup::change
