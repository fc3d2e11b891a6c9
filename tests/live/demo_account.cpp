// SPDX-License-Identifier: Apache-2.0
#include "demo_account.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <sstream>

#include <unistd.h>

namespace relup::live_tests {
namespace {

constexpr int width = 78;
constexpr int name_width = 11;
constexpr int time_width = 9;

const std::string bold = "\033[1m";
const std::string green = "\033[1;32m";
const std::string red = "\033[1;31m";

// Broken at spaces into lines that fit between `indent` and `columns`.
std::vector<std::string> wrapped(const std::string& text, int columns) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (static_cast<int>(line.size() + 1 + word.size()) <= columns) {
      line += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string duration(std::chrono::microseconds time) {
  char text[32];
  const auto count = static_cast<double>(time.count());
  if (count < 1e6) {
    std::snprintf(text, sizeof(text), count < 1e4 ? "%.1f ms" : "%.0f ms", count / 1e3);
  } else {
    std::snprintf(text, sizeof(text), "%.1f s", count / 1e6);
  }
  return text;
}

std::string step_duration(std::chrono::milliseconds time) {
  if (time.count() < 1000) return std::to_string(time.count()) + " ms";
  return duration(time);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, 1, ' ');
  return text;
}

Account::Account()
    : is_terminal_(::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr) {}

std::string Account::styled(const std::string& text, const std::string& style) const {
  return is_terminal_ ? style + text + "\033[0m" : text;
}

void Account::title(const std::string& text) {
  std::cout << styled(text, bold) << "\n" << std::endl;
}

void Account::paragraph(const std::string& text) {
  for (const std::string& line : wrapped(text, width))
    std::cout << line << "\n";
  std::cout << std::endl;
}

void Account::heading(const std::string& text) {
  std::cout << "\n" << styled(text, bold) << std::endl;
}

void Account::step(const std::string& name, const std::string& what, Milliseconds took) {
  const int room = width - 2 - name_width - time_width;
  const std::string cut = what.substr(0, static_cast<std::size_t>(std::max(room, 0)));
  std::cout << "  " << std::left << std::setw(name_width) << name << std::setw(room) << cut
            << std::right << std::setw(time_width) << step_duration(took) << std::endl;
}

void Account::fact(const std::string& name, const std::string& text) {
  std::string label = name;
  for (const std::string& line : wrapped(text, width - 2 - name_width)) {
    std::cout << "  " << std::left << std::setw(name_width) << label << line << "\n";
    label.clear();
  }
  std::cout << std::flush;
}

void Account::table(const std::vector<std::pair<std::string, LoadReport>>& phases) {
  heading("What the clients saw");
  std::cout << "  " << std::left << std::setw(34) << "" << std::right << std::setw(9) << "answers"
            << std::setw(12) << "longest" << std::setw(8) << "lost" << std::setw(8) << "wrong"
            << "\n";
  for (const auto& [name, report] : phases) {
    std::cout << "  " << std::left << std::setw(34) << name << std::right << std::setw(9)
              << grouped(report.answered) << std::setw(12) << duration(report.longest)
              << std::setw(8) << report.lost_connections << std::setw(8) << report.wrong_answers
              << "\n";
  }
  std::cout << std::flush;
}

void Account::good_end(const std::string& text) {
  std::cout << "\n" << styled(text, green) << std::endl;
}

void Account::bad_end(const std::string& text) {
  std::cout << "\n" << styled(text, red) << std::endl;
}

}  // namespace relup::live_tests
