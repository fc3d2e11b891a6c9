// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an operation on a host tells while it goes on: one event when a step begins, one when it
// ends, in between as many as there is something new to say, and one for each line that the
// release's own functions say meanwhile. How that is shown is for another room: nothing here knows
// of terminals.

#include <string>

#include "base/clock.hpp"

namespace relup::change {

enum class StepState {
  begun,
  waiting,    // for something that is not in our hands
  under_way,  // with something new to say
  says,       // a line that a function of the release has printed or logged
  done,
  failed
};

struct StepEvent {
  std::string step;  // a stable name: "stage", "install", ...
  StepState state = StepState::begun;
  std::string detail;  // for people
  Milliseconds elapsed{0};
};

class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;
  virtual void report(const StepEvent& event) = 0;
};

// Reports the beginning of a step, and its end when `done` is called; destroyed before that, the
// step has failed.
class Step {
 public:
  Step(Progress& progress, Clock& clock, std::string name, const std::string& detail);
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  ~Step();
  // While it goes on.
  void tell(const std::string& detail);
  // A line that is not ours.
  void say(const std::string& line);
  void done(const std::string& detail = "");

 private:
  Milliseconds elapsed() const;

  Progress& progress_;
  Clock& clock_;
  std::string name_;
  std::chrono::steady_clock::time_point begin_;
  bool is_open_ = true;
};

}  // namespace relup::change
