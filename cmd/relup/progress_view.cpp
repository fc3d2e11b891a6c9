// SPDX-License-Identifier: Apache-2.0
#include "progress_view.hpp"

#include "base/duration.hpp"
#include "base/json.hpp"

namespace relup::cmd {
namespace {

using change::StepEvent;
using change::StepState;

constexpr std::size_t name_width = 8;
constexpr std::size_t time_width = 7;
constexpr std::string_view erase_line = "\r\033[K";
// Below this many columns there is no room to keep details in a column of their own.
constexpr int narrow = 60;
// A line or event that says the same as the one before it comes no earlier than that.
constexpr Milliseconds repeated_after{10'000};
constexpr Milliseconds told_again_after{1'000};

ProgressMode effective_mode(const Console& console) {
  const ProgressMode wanted = console.options().progress;
  if (wanted == ProgressMode::json || wanted == ProgressMode::none) return wanted;
  if (console.options().quiet) return ProgressMode::none;
  if (wanted == ProgressMode::plain || !console.messages_are_watched()) return ProgressMode::plain;
  return ProgressMode::automatic;
}

std::string_view mark_of(StepState state) {
  switch (state) {
    case StepState::begun:
    case StepState::waiting:
    case StepState::under_way:
      return "...";
    case StepState::says:
      return ">  ";
    case StepState::done:
      return "ok ";
    case StepState::failed:
      break;
  }
  return "FAIL";
}

std::string_view name_of(StepState state) {
  switch (state) {
    case StepState::begun:
      return "begun";
    case StepState::waiting:
      return "waiting";
    case StepState::under_way:
      return "under_way";
    case StepState::says:
      return "says";
    case StepState::done:
      return "done";
    case StepState::failed:
      break;
  }
  return "failed";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// Cut to the width of the terminal: only a line that was not wrapped can be overwritten.
std::string fitted(const std::string& text, int width) {
  const auto room = static_cast<std::size_t>(width > 1 ? width - 1 : 1);
  return text.size() <= room ? text : text.substr(0, room - 3) + "...";
}

}  // namespace

ProgressView::ProgressView(Console& console) : console_(console), mode_(effective_mode(console)) {}

void ProgressView::report(const StepEvent& event) {
  if (mode_ == ProgressMode::none) return;
  if (mode_ == ProgressMode::json) return report_json(event);
  report_text(event);
}

// Steps are looked at often, and not every look is news to those who keep what they read.
bool ProgressView::is_news(const StepEvent& event) {
  if (event.state != StepState::under_way) {
    told_ = std::nullopt;
    return true;
  }
  if (told_) {
    const Milliseconds since = event.elapsed - told_->elapsed;
    const bool is_same = told_->detail == event.detail;
    if (since < (is_same ? repeated_after : told_again_after)) return false;
  }
  told_ = event;
  return true;
}

void ProgressView::report_json(const StepEvent& event) {
  if (!is_news(event)) return;
  const Json line{{"event", "step"},
                  {"step", event.step},
                  {"state", name_of(event.state)},
                  {"detail", event.detail},
                  {"milliseconds", event.elapsed.count()}};
  console_.messages() << dump(line, -1) << std::endl;
}

std::string ProgressView::line_of(const StepEvent& event) const {
  const int width = console_.message_style().width;
  const bool is_wide = mode_ != ProgressMode::automatic || width >= narrow;
  const bool is_open = event.state == StepState::begun || event.state == StepState::waiting;
  const std::string time = is_open ? "" : duration_text(event.elapsed);
  std::string line = "  " + std::string(mark_of(event.state)) + " " +
                     padded(event.step, is_wide ? name_width : 0) + " " +
                     padded(time, is_wide ? time_width : 0);
  const std::string& detail = event.detail.empty() ? detail_ : event.detail;
  line += " " + printable(detail);
  // Only a line that will be overwritten must be cut.
  const bool is_over =
      is_open || (event.state == StepState::under_way && mode_ == ProgressMode::automatic);
  return is_over ? fitted(line, width) : line;
}

void ProgressView::report_text(const StepEvent& event) {
  const bool over = mode_ == ProgressMode::automatic;
  if (event.state == StepState::begun) {
    detail_ = event.detail;
    if (over) console_.messages() << line_of(event) << std::flush;
    return;
  }
  if (event.state == StepState::under_way && over) {
    console_.messages() << erase_line << line_of(event) << std::flush;
    return;
  }
  if (!is_news(event)) return;
  if (over) console_.messages() << erase_line;
  if (over && event.state == StepState::waiting) {
    console_.messages() << line_of(event) << std::flush;
    return;
  }
  console_.messages() << line_of(event) << std::endl;
  // The step goes on below what was said.
  if (event.state == StepState::says && over)
    console_.messages() << line_of({event.step, StepState::begun, detail_, {}}) << std::flush;
}

}  // namespace relup::cmd
