// SPDX-License-Identifier: Apache-2.0
#include "support/reliability_page.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

namespace relup::support {
namespace {

constexpr const char* page = RELUP_RELIABILITY_PAGE;

// Tests of several programs may write at once.
class Lock {
 public:
  Lock() : descriptor_(::open(page, O_RDONLY | O_CLOEXEC)) { ::flock(descriptor_, LOCK_EX); }
  ~Lock() { ::close(descriptor_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int descriptor_;
};

std::vector<std::string> read_lines() {
  std::ifstream file(page);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);)
    lines.push_back(line);
  return lines;
}

// In place: the file is what others wait for with the lock.
void write_lines(const std::vector<std::string>& lines) {
  std::ofstream file(page);
  for (const std::string& line : lines)
    file << line << '\n';
}

std::ptrdiff_t cells_in(const std::string& line) {
  return std::count(line.begin(), line.end(), '|') - 1;
}

}  // namespace

void tell_reliability(const std::string& table, const std::string& row,
                      const std::vector<std::string>& cells) {
  const Lock lock;
  std::vector<std::string> lines = read_lines();
  const auto begin = std::find(lines.begin(), lines.end(), "<!-- " + table + " -->");
  const auto end = std::find(begin, lines.end(), "<!-- /" + table + " -->");
  ASSERT_TRUE(end != lines.end()) << page << " has no table `" << table << "`";
  std::ostringstream text;
  text << "| " << row << " |";
  for (const std::string& cell : cells)
    text << ' ' << cell << " |";
  const auto old = std::find_if(
      begin, end, [&](const auto& line) { return line.starts_with("| " + row + " |"); });
  if (std::getenv("RELUP_WRITE_TABLES") == nullptr) {
    const std::string& header = *(begin + 1);
    EXPECT_EQ(cells_in(header), cells_in(text.str())) << header << "\n" << text.str();
  } else if (old != end) {
    *old = text.str();
    write_lines(lines);
  } else {
    lines.insert(end, text.str());
    write_lines(lines);
  }
}

}  // namespace relup::support
