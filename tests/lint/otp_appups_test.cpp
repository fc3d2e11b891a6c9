// SPDX-License-Identifier: Apache-2.0
//
// The appups that OTP itself ships are in use everywhere: whatever the rules find there is a false
// alarm unless a reason stands here.
#include <array>
#include <cstdio>
#include <set>

#include <gmock/gmock.h>

#include "base/diagnostic_text.hpp"
#include "lint/find_files.hpp"
#include "lint/lint.hpp"

namespace relup::lint {
namespace {

std::string library_directory() {
  const auto close = [](FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(
      popen("erl -noshell -eval 'io:put_chars(code:lib_dir()), halt().'", "r"), close);
  std::array<char, 4096> buffer{};
  const std::size_t size = pipe == nullptr ? 0 : fread(buffer.data(), 1, buffer.size(), pipe.get());
  return {buffer.data(), size};
}

// By rule and application. Empty: nothing is found.
const std::set<std::pair<std::string, std::string>>& justified() {
  static const std::set<std::pair<std::string, std::string>> all{};
  return all;
}

TEST(OtpAppups, HaveNothingForTheRules) {
  const std::string directory = library_directory();
  ASSERT_FALSE(directory.empty());
  LintRequest request;
  find_files(real_file_system(), directory, request);
  ASSERT_GT(request.appups.size(), 5U);
  std::string unexpected;
  for (const Diagnostic& finding : lint(request)) {
    const std::string name = base_name(finding.file);
    const std::string application = name.substr(0, name.find('.'));
    if (!justified().contains({finding.rule, application})) unexpected += to_text(finding, {});
  }
  EXPECT_EQ(unexpected, "");
}

}  // namespace
}  // namespace relup::lint
