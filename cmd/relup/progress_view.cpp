// SPDX-License-Identifier: Apache-2.0
#include "progress_view.hpp"

#include "base/json.hpp"

namespace relup::cmd {
namespace {

using change::StepEvent;
using change::StepState;

constexpr std::size_t name_width = 8;
constexpr std::string_view erase_line = "\r\033[K";

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
      return "...";
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
    case StepState::done:
      return "done";
    case StepState::failed:
      break;
  }
  return "failed";
}

std::string duration_text(Milliseconds elapsed) {
  if (elapsed.count() < 1000) return std::to_string(elapsed.count()) + " ms";
  const auto tenths = elapsed.count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
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

void ProgressView::report_json(const StepEvent& event) {
  const Json line{{"event", "step"},
                  {"step", event.step},
                  {"state", name_of(event.state)},
                  {"detail", event.detail},
                  {"milliseconds", event.elapsed.count()}};
  console_.messages() << dump(line, -1) << std::endl;
}

std::string ProgressView::line_of(const StepEvent& event) const {
  const bool is_open = event.state == StepState::begun || event.state == StepState::waiting;
  std::string line = "  " + std::string(mark_of(event.state)) + " " +
                     padded(event.step, name_width) + " " +
                     padded(is_open ? "" : duration_text(event.elapsed), 7);
  const std::string& detail = event.detail.empty() ? detail_ : event.detail;
  line += " " + printable(detail);
  // Only a line that will be overwritten must be cut.
  const bool over = is_open;
  return over ? fitted(line, console_.message_style().width) : line;
}

void ProgressView::report_text(const StepEvent& event) {
  const bool over = mode_ == ProgressMode::automatic;
  if (event.state == StepState::begun) {
    detail_ = event.detail;
    if (over) console_.messages() << line_of(event) << std::flush;
    return;
  }
  if (over) console_.messages() << erase_line;
  if (over && event.state == StepState::waiting) {
    console_.messages() << line_of(event) << std::flush;
    return;
  }
  console_.messages() << line_of(event) << std::endl;
}

}  // namespace relup::cmd
