// SPDX-License-Identifier: Apache-2.0
#pragma once

// Draws the steps of an operation. On a terminal a step that runs is a line that is written over
// when it ends; elsewhere a line is written when a step ends; as JSON every event is a line of its
// own.

#include "change/progress.hpp"
#include "console.hpp"

namespace relup::cmd {

class ProgressView final : public change::Progress {
 public:
  explicit ProgressView(Console& console);
  void report(const change::StepEvent& event) override;

 private:
  void report_json(const change::StepEvent& event);
  void report_text(const change::StepEvent& event);
  std::string line_of(const change::StepEvent& event) const;

  Console& console_;
  ProgressMode mode_;
  std::string detail_;  // of the step that runs
};

}  // namespace relup::cmd
