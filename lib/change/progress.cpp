// SPDX-License-Identifier: Apache-2.0
#include "change/progress.hpp"

namespace relup::change {

Step::Step(Progress& progress, Clock& clock, std::string name, const std::string& detail)
    : progress_(progress), clock_(clock), name_(std::move(name)), begin_(clock.steady()) {
  progress_.report({name_, StepState::begun, detail, Milliseconds{0}});
}

Step::~Step() {
  if (is_open_) progress_.report({name_, StepState::failed, "", elapsed()});
}

void Step::tell(const std::string& detail) {
  progress_.report({name_, StepState::under_way, detail, elapsed()});
}

void Step::say(const std::string& line) {
  progress_.report({name_, StepState::says, line, elapsed()});
}

void Step::done(const std::string& detail) {
  is_open_ = false;
  progress_.report({name_, StepState::done, detail, elapsed()});
}

Milliseconds Step::elapsed() const {
  return std::chrono::duration_cast<Milliseconds>(clock_.steady() - begin_);
}

}  // namespace relup::change
