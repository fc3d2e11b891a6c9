// SPDX-License-Identifier: Apache-2.0
#include "otp_cases.hpp"

#include <cstdlib>
#include <string_view>

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "support/temporary_directory.hpp"

namespace relup {
namespace {

// Takes what stands before `mark` off `text`, and the mark.
std::string take_until(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string taken(text.substr(0, at));
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
  return taken;
}

}  // namespace

std::vector<OtpCase> otp_cases(const std::string& kind, int seed, int count) {
  const support::TemporaryDirectory directory;
  const std::string file = directory / "cases";
  const std::string command = "timeout 60 escript '" RELUP_TERM_TESTS "/random_cases.escript' " +
                              kind + " " + std::to_string(seed) + " " + std::to_string(count) +
                              " '" + file + "'";
  const int status = std::system(command.c_str());
  EXPECT_EQ(status, 0) << command;
  if (status != 0) return {};
  const std::string content = real_file_system().read(file);
  std::vector<OtpCase> cases;
  for (std::string_view rest = content; !rest.empty();) {
    std::string text = take_until(rest, "\n\x01\n");
    cases.push_back({std::move(text), take_until(rest, "\n\x02\n")});
  }
  return cases;
}

}  // namespace relup
