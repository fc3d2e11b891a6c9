// SPDX-License-Identifier: Apache-2.0
//
// How long does a crowd stand still while its code changes, under OTP's engine and under relup's,
// in one run on one machine? The crowd asks for nothing, for processor time, or waits in
// code_change, as one that writes to a disk does. A client asks one worker after the other
// meanwhile: the longest that it waited is what users of the system feel. Counted is only what has
// come out right: every worker with the state of its new code.
//
// With --births ROUNDS it is no race but a count: up and down so many times under relup's engine,
// while workers are born, one each millisecond, and 200 clients are served. Nobody may be left with
// the state of the other code.

#include <iomanip>
#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "live/support/crowd.hpp"
#include "live/support/load_generator.hpp"
#include "live/support/site.hpp"

namespace relup::live_tests {
namespace {

struct Settings {
  std::vector<std::int64_t> workers{10'000, 50'000};
  std::vector<std::string> costs{"nothing", "cpu", "wait"};
  int births = 0;  // rounds
};

// Erlang that code_change/3 begins with. Burning takes some 50 microseconds.
std::string erlang_of(const std::string& cost) {
  if (cost == "cpu") return "_ = [erlang:phash2({N, Count}) || N <- lists:seq(1, 500)],";
  if (cost == "wait") return "timer:sleep(1),";
  return "";
}

struct Figures {
  double install = 0;  // milliseconds of the step
  double longest = 0;  // milliseconds that a client waited
  std::string shapes;
};

double milliseconds_of_install(const std::string& events) {
  std::istringstream lines(events);
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (event.is_object() && event.value("step", "") == "install" &&
        event.value("state", "") == "done") {
      return event.value("milliseconds", 0.0);
    }
  }
  return 0;
}

Figures measure(const Tools& tools, const std::string& engine, const std::string& cost,
                std::int64_t workers) {
  Site site(tools);
  site.deploy(crowd_builds(tools, erlang_of(cost)));
  site.node().start();
  const auto node = connect_to(site.node().options());
  Crowd crowd(*node);
  crowd.populate(workers, Place::supervised);
  crowd.begin_questions();
  const RelupResult result =
      site.relup({"upgrade", "1.1.0", "--engine", engine, "--progress", "json"});
  // A line that nobody listens to for a minute is given up by the node.
  const auto fresh_node = connect_to(site.node().options());
  Crowd after(*fresh_node);
  Figures figures;
  figures.longest = static_cast<double>(after.longest_answer()) / 1000;
  figures.install = milliseconds_of_install(result.errors);
  figures.shapes = result.exit_code == 0 ? after.shapes() : "failed: " + result.errors;
  return figures;
}

void print_row(std::int64_t workers, const std::string& cost, const Figures& otp,
               const Figures& ours) {
  const std::string wanted = "{0," + std::to_string(workers) + "," + std::to_string(workers) + "}";
  std::cout << std::fixed << std::setprecision(1) << std::setw(8) << workers << "  " << std::left
            << std::setw(8) << cost << std::right << std::setw(10) << otp.install << std::setw(10)
            << ours.install << std::setw(8) << otp.install / ours.install << "x" << std::setw(12)
            << otp.longest << std::setw(10) << ours.longest << std::setw(8)
            << otp.longest / ours.longest << "x"
            << (otp.shapes == wanted ? "" : "  otp: " + otp.shapes)
            << (ours.shapes == wanted ? "" : "  relup: " + ours.shapes) << std::endl;
}

// The workers that were left with a wrong state, over all rounds.
int count_births(const Tools& tools, int rounds) {
  constexpr std::int64_t born_in_a_round = 3000;
  Site site(tools);
  site.deploy(crowd_builds(tools));
  site.node().start();
  const auto node = connect_to(site.node().options());
  Crowd crowd(*node);
  std::int64_t all = 20'000;
  crowd.populate(all, Place::supervised);
  LoadGenerator clients({.port = site.node().port(), .clients = 200});
  clients.start();
  int wrong = 0;
  for (int round = 0; round < rounds; ++round) {
    const bool is_up = round % 2 == 0;
    crowd.begin_births(born_in_a_round, is_up ? Place::alone : Place::supervised);
    const RelupResult result =
        site.relup({is_up ? "upgrade" : "downgrade", is_up ? "1.1.0" : "1.0.0"});
    crowd.wait_for_the_last_birth();
    all += born_in_a_round;
    const std::string count = std::to_string(all);
    const std::string wanted =
        is_up ? "{0," + count + "," + count + "}" : "{" + count + ",0," + count + "}";
    const std::string shapes = crowd.shapes();
    const bool is_right = result.exit_code == 0 && shapes == wanted;
    wrong += is_right ? 0 : 1;
    std::cout << "round " << round + 1 << ": " << shapes << (is_right ? "" : "  WRONG")
              << std::endl;
    if (!is_right) std::cout << result.errors << std::flush;
  }
  std::cout << wrong << " of " << rounds << " rounds wrong; clients: " << clients.stop() << "\n";
  return wrong == 0 ? 0 : 1;
}

int run(int count, char** arguments) {
  Settings settings;
  CLI::App app("The pause of an upgrade, under OTP's engine and under relup's");
  app.add_option("--workers", settings.workers)->delimiter(',');
  app.add_option("--cost", settings.costs, "nothing, cpu, wait")->delimiter(',');
  app.add_option("--births", settings.births, "count births instead, in so many rounds");
  CLI11_PARSE(app, count, arguments);
  const Tools tools{.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM};
  if (settings.births > 0) return count_births(tools, settings.births);
  std::cout << "                    install, ms               longest answer, ms\n"
               " workers  cost           otp     relup   ratio         otp     relup   ratio\n";
  for (const std::int64_t workers : settings.workers) {
    for (const std::string& cost : settings.costs) {
      const Figures otp = measure(tools, "otp", cost, workers);
      print_row(workers, cost, otp, measure(tools, "relup", cost, workers));
    }
  }
  return 0;
}

}  // namespace
}  // namespace relup::live_tests

int main(int count, char** arguments) {
  return relup::live_tests::run(count, arguments);
}
