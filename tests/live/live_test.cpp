// SPDX-License-Identifier: Apache-2.0
#include "live_test.hpp"

#include <sstream>
#include <thread>

namespace relup::live_tests {

using namespace std::chrono_literals;
using testing::IsEmpty;

BuildMachine& LiveTest::standard_builds() {
  static BuildMachine builds(tools());
  static const bool once = (builds.make_tarball(), true);
  (void)once;
  return builds;
}

void LiveTest::start(const BuildMachine& builds) {
  site_.deploy(builds);
  site_.node().start();
}

RelupResult LiveTest::relup(const std::vector<std::string>& arguments, int exit_code) {
  RelupResult result = site_.relup(arguments);
  EXPECT_EQ(result.exit_code, exit_code) << result;
  return result;
}

nlohmann::json LiveTest::status() {
  return nlohmann::json::parse(relup({"status", "--format", "json"}).output);
}

nlohmann::json LiveTest::status_at_rest() {
  nlohmann::json now = status();
  for (int more = 50; now.at("release_handler") == "busy" && more > 0; --more) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    now = status();
  }
  return now;
}

void LiveTest::expect_running(const std::string& version, const std::string& boots) {
  const nlohmann::json now = status_at_rest();
  EXPECT_EQ(now.at("running"), version) << now;
  EXPECT_EQ(now.at("boots"), boots) << now;
  EXPECT_EQ(now.at("uncommitted"), version != boots) << now;
  EXPECT_EQ(ask("version"), "tally " + version);
  EXPECT_EQ(state().contains("peak"), version == "1.1.0");
}

std::map<std::string, std::string> LiveTest::facts(const std::string& answer) {
  std::map<std::string, std::string> found;
  std::istringstream words(answer);
  for (std::string word; words >> word;) {
    const std::size_t sign = word.find('=');
    if (sign != std::string::npos) found[word.substr(0, sign)] = word.substr(sign + 1);
  }
  return found;
}

std::unique_ptr<node::NodeChannel> LiveTest::connect() {
  return connect_to(site_.node().options());
}

Load::Load(std::uint16_t port, std::size_t clients)
    : clients_(clients), generator_({.port = port, .clients = clients}) {
  generator_.start();
  go_round();
}

Load::~Load() {
  if (!is_stopped_) stop();
}

void Load::go_round() {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  const auto answered = generator_.snapshot().answered;
  // The clients take turns, so three rounds together hold one of each.
  while (generator_.snapshot().answered < answered + 3 * clients_ &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(10ms);
  }
}

LoadReport Load::stop() {
  is_stopped_ = true;
  LoadReport report = generator_.stop();
  EXPECT_GT(report.answered, 0U);
  EXPECT_EQ(report.lost_connections, 0U) << report;
  EXPECT_EQ(report.wrong_answers, 0U) << report;
  return report;
}

}  // namespace relup::live_tests
