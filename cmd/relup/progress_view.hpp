// SPDX-License-Identifier: Apache-2.0
#pragma once

// Draws the steps of an operation. On a terminal a step that runs is a line that is written over
// when it ends; elsewhere a line is written when a step ends; as JSON every event is a line of its
// own.

#include "console.hpp"
#include "install/progress.hpp"

namespace relup::cmd {

class ProgressView final : public install::Progress {
 public:
  explicit ProgressView(Console& console);
  void report(const install::StepEvent& event) override;

 private:
  void report_json(const install::StepEvent& event);
  void report_text(const install::StepEvent& event);
  std::string line_of(const install::StepEvent& event) const;

  Console& console_;
  ProgressMode mode_;
  std::string detail_;  // of the step that runs
};

}  // namespace relup::cmd
