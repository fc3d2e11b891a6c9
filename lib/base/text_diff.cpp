// SPDX-License-Identifier: Apache-2.0
//
// The lines that both texts begin and end with are cut off; of those between, the longest common
// subsequence stays and the others are taken out or put in. Where the table for that would be
// large, all lines between are.

#include "base/text_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace relup {
namespace {

constexpr std::size_t context = 3;
constexpr std::size_t largest_table = 4'000'000;

using Lines = std::vector<std::string_view>;

// Every line with its line break, if it has one.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Line {
  char mark;  // ' ', '-' or '+'
  std::string_view text;
};

class LineDiff {
 public:
  LineDiff(const Lines& before, const Lines& after) : before_(before), after_(after) {
    std::size_t same = 0;
    const std::size_t shorter = std::min(before.size(), after.size());
    while (same < shorter && before[same] == after[same])
      ++same;
    std::size_t rear = 0;
    while (rear < shorter - same &&
           before[before.size() - 1 - rear] == after[after.size() - 1 - rear])
      ++rear;
    begin_ = same;
    before_end_ = before.size() - rear;
    after_end_ = after.size() - rear;
  }

  std::vector<Line> run() {
    std::vector<Line> lines;
    for (std::size_t i = 0; i < begin_; ++i)
      lines.push_back({' ', before_[i]});
    compare(lines);
    for (std::size_t i = before_end_; i < before_.size(); ++i)
      lines.push_back({' ', before_[i]});
    return lines;
  }

 private:
  void compare(std::vector<Line>& lines) const {
    const auto lengths = common_lengths();
    const std::size_t columns = after_end_ - begin_ + 1;
    std::size_t i = begin_;
    std::size_t j = begin_;
    const auto length = [&](std::size_t row, std::size_t column) {
      return lengths.empty() ? 0 : lengths[(row - begin_) * columns + (column - begin_)];
    };
    while (i < before_end_ || j < after_end_) {
      const bool is_same =
          !lengths.empty() && i < before_end_ && j < after_end_ && before_[i] == after_[j];
      if (is_same) {
        lines.push_back({' ', before_[i++]});
        ++j;
      } else if (i < before_end_ && (j == after_end_ || length(i + 1, j) >= length(i, j + 1))) {
        lines.push_back({'-', before_[i++]});
      } else {
        lines.push_back({'+', after_[j++]});
      }
    }
  }

  // Of the common subsequences of what follows row and column.
  std::vector<std::uint32_t> common_lengths() const {
    const std::size_t rows = before_end_ - begin_ + 1;
    const std::size_t columns = after_end_ - begin_ + 1;
    if (rows * columns > largest_table) return {};
    std::vector<std::uint32_t> lengths(rows * columns);
    for (std::size_t i = rows - 1; i-- > 0;) {
      for (std::size_t j = columns - 1; j-- > 0;) {
        const bool is_same = before_[begin_ + i] == after_[begin_ + j];
        const std::size_t at = i * columns + j;
        lengths[at] = is_same ? lengths[at + columns + 1] + 1
                              : std::max(lengths[at + columns], lengths[at + 1]);
      }
    }
    return lengths;
  }

  const Lines& before_;
  const Lines& after_;
  std::size_t begin_ = 0;
  std::size_t before_end_ = 0;
  std::size_t after_end_ = 0;
};

// A run of changes with the lines around it.
struct Hunk {
  std::size_t begin;
  std::size_t end;
};

std::vector<Hunk> hunks_of(const std::vector<Line>& lines) {
  std::vector<Hunk> hunks;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].mark == ' ') continue;
    const std::size_t begin = i < context ? 0 : i - context;
    const std::size_t end = std::min(i + 1 + context, lines.size());
    if (!hunks.empty() && begin <= hunks.back().end) {
      hunks.back().end = end;
    } else {
      hunks.push_back({begin, end});
    }
  }
  return hunks;
}

std::size_t count_lines(const std::vector<Line>& lines, std::size_t begin, std::size_t end,
                        char other_side) {
  return static_cast<std::size_t>(
      std::count_if(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                    lines.begin() + static_cast<std::ptrdiff_t>(end),
                    [&](const Line& line) { return line.mark != other_side; }));
}

// "3,7": where the lines of one side begin, and how many they are.
std::string range(const std::vector<Line>& lines, const Hunk& hunk, char other_side) {
  const std::size_t count = count_lines(lines, hunk.begin, hunk.end, other_side);
  const std::size_t before = count_lines(lines, 0, hunk.begin, other_side);
  return std::to_string(before + (count > 0 ? 1 : 0)) + "," + std::to_string(count);
}

}  // namespace

std::string unified_diff(const std::string& name, const std::string& before,
                         const std::string& after) {
  if (before == after) return "";
  const Lines old_lines = lines_of(before);
  const Lines new_lines = lines_of(after);
  const std::vector<Line> lines = LineDiff(old_lines, new_lines).run();
  std::string text = "--- " + name + "\n+++ " + name + "\n";
  for (const Hunk& hunk : hunks_of(lines)) {
    text += "@@ -" + range(lines, hunk, '+') + " +" + range(lines, hunk, '-') + " @@\n";
    for (std::size_t i = hunk.begin; i < hunk.end; ++i) {
      text += lines[i].mark + std::string(lines[i].text);
      if (!lines[i].text.ends_with('\n')) text += "\n\\ No newline at end of file\n";
    }
  }
  return text;
}

}  // namespace relup
