// SPDX-License-Identifier: Apache-2.0
//
// How long does the whole `relup upgrade` of tally take, from the call to the commit, beside that
// of another build of relup (`--before PROGRAM`)? Both work in turn on hosts of their own, so that
// other load on the machine meets both sides alike; of several runs the fastest counts. What each
// step took is from `--progress json`; `elsewhere` is what lies between the steps: the start of the
// program, questions to the node that belong to no step, and records of the journal.

#include <chrono>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "live/support/site.hpp"

namespace relup::live_tests {
namespace {

using Steps = std::vector<std::pair<std::string, double>>;  // in their order, milliseconds

struct Run {
  double whole = 1e12;
  Steps steps;
};

Steps read_steps(const std::string& events) {
  Steps steps;
  std::istringstream lines(events);
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (event.is_object() && event.value("state", "") == "done")
      steps.emplace_back(event.value("step", ""), event.value("milliseconds", 0.0));
  }
  return steps;
}

// One upgrade on a fresh host.
Run measure(const Tools& tools, const BuildMachine& builds) {
  Site site(tools);
  site.deploy(builds);
  site.node().start();
  // A production host has not written its files a second ago.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const RelupResult result = site.relup({"upgrade", "1.1.0", "--progress", "json"});
  must_succeed(result);
  return {static_cast<double>(result.took.count()), read_steps(result.errors)};
}

struct Side {
  std::string name;
  Tools tools;
  Run best;

  void run(const BuildMachine& builds) {
    Run now = measure(tools, builds);
    if (now.whole < best.whole) best = std::move(now);
  }
};

void print(const Side& side) {
  double elsewhere = side.best.whole;
  std::cout << std::fixed << std::setprecision(0) << side.name << ": " << side.best.whole
            << " ms\n";
  for (const auto& [step, milliseconds] : side.best.steps) {
    std::cout << std::setw(12) << step << std::setw(7) << milliseconds << "\n";
    elsewhere -= milliseconds;
  }
  std::cout << std::setw(12) << "elsewhere" << std::setw(7) << elsewhere << "\n";
}

int run(int count, char** arguments) {
  int runs = 5;
  std::string before;
  CLI::App app("The whole upgrade of tally, from the call to the commit");
  app.add_option("--runs", runs, "of each side");
  app.add_option("--before", before, "another relup, to compare with");
  CLI11_PARSE(app, count, arguments);
  const Tools tools{.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM};
  BuildMachine builds(tools);
  builds.make_tarball();
  std::vector<Side> sides{{"relup", tools, {}}};
  if (!before.empty())
    sides.push_back({"before", {.testdata = RELUP_TESTDATA, .program = before}, {}});
  for (int round = 0; round < runs; ++round) {
    for (Side& side : sides)
      side.run(builds);
  }
  for (const Side& side : sides)
    print(side);
  if (before.empty()) return 0;
  std::cout << std::setprecision(2) << sides[1].best.whole / sides[0].best.whole
            << " times as fast\n";
  return 0;
}

}  // namespace
}  // namespace relup::live_tests

int main(int count, char** arguments) {
  return relup::live_tests::run(count, arguments);
}
