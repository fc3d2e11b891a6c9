// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shows the steps of a change while they happen. On a terminal the running step is a line that is
// overwritten when there is something new to say, and when the step ends; elsewhere each step is a
// line that is written when it ends, and one for what is new in between; with --progress json each
// event is a line.

#include <optional>

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
  bool is_news(const change::StepEvent& event);

  Console& console_;
  ProgressMode mode_;
  std::string detail_;                     // of the step that runs
  std::optional<change::StepEvent> told_;  // what was last said of it while it went on
};

}  // namespace relup::cmd
