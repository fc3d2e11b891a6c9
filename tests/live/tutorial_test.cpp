// SPDX-License-Identifier: Apache-2.0
//
// docs/tutorial-mix.md, run line by line in one shell, as its reader does it. What the page shows
// as printed must be printed.

#include <sstream>

#include <gmock/gmock.h>

#include "live/support/source_variant.hpp"
#include "site_test.hpp"
#include "support/temporary_directory.hpp"

namespace relup::live_tests {
namespace {

struct TutorialStep {
  std::string command;               // with its further lines
  std::vector<std::string> printed;  // as the page has it
};

std::vector<TutorialStep> read_tutorial() {
  std::istringstream page(read_file(RELUP_TUTORIAL));
  std::vector<TutorialStep> steps;
  bool is_console = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      is_console = line == "```console";
    } else if (!is_console) {
      continue;
    } else if (line.starts_with("$ ")) {
      steps.push_back({line.substr(2), {}});
    } else if (line.starts_with("> ")) {
      steps.back().command += "\n" + line.substr(2);
    } else {
      steps.back().printed.push_back(line);
    }
  }
  return steps;
}

// A reader sees when the node is up, and leaves none behind.
std::string script_of(const std::vector<TutorialStep>& steps) {
  std::string script =
      "set -e\nHERE=$PWD\n"
      "trap 'PID=$($HERE/host/bin/hits pid 2>/dev/null) && kill $PID || true' EXIT\n";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    script += "echo '@@" + std::to_string(i) + "'\n" + steps[i].command + "\n";
    if (steps[i].command.ends_with(" daemon")) {
      script += "for N in $(seq 100); do $HERE/host/bin/hits pid >/dev/null 2>&1 && break; done\n";
    }
  }
  return script;
}

// What was printed by each step.
std::vector<std::string> outputs_in(const std::string& log, std::size_t steps) {
  std::vector<std::string> outputs;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t begin = log.find("@@" + std::to_string(i) + "\n");
    const std::size_t end = log.find("@@" + std::to_string(i + 1) + "\n");
    outputs.push_back(begin == std::string::npos ? "" : log.substr(begin, end - begin));
  }
  return outputs;
}

TEST(Tutorial, DoesWhatItSays) {
  const std::vector<TutorialStep> steps = read_tutorial();
  EXPECT_GE(steps.size(), 10U);
  EXPECT_LE(steps.size(), 20U);
  const support::TemporaryDirectory directory("relup-tutorial");
  const Epmd epmd(directory.path());
  const std::filesystem::path log = directory.path() / "log";
  write_file(directory.path() / "tutorial.sh", script_of(steps));
  const std::string relup = std::filesystem::path(RELUP_PROGRAM).parent_path();
  ChildProcess shell(
      {{"sh", directory.path() / "tutorial.sh"},
       {"PATH=" + relup + ":" + std::getenv("PATH"), "HOME=" + directory.path().string(),
        "ERL_EPMD_PORT=" + std::to_string(epmd.port()), "RELEASE_DISTRIBUTION=name",
        "RELEASE_NODE=hits@127.0.0.1", "TERM=dumb",
        "ERL_FLAGS=-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"},
       directory.path(),
       log});
  EXPECT_EQ(shell.wait(std::chrono::minutes(3)), 0) << read_file(log);
  const std::vector<std::string> outputs = outputs_in(read_file(log), steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const std::string& line : steps[i].printed)
      EXPECT_THAT(outputs[i], testing::HasSubstr("\n" + line + "\n")) << steps[i].command;
  }
}

}  // namespace
}  // namespace relup::live_tests
