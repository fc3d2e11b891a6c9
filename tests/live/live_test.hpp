// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the live tests share: a host per test, the releases that most of them use, and questions to
// both. Asking relup for something that must work and does not is a failed test.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "live/support/load_generator.hpp"
#include "live/support/loopback.hpp"
#include "live/support/site.hpp"
#include "node/node_channel.hpp"

namespace relup::live_tests {

class LiveTest : public testing::Test {
 protected:
  static Tools tools() { return {.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM}; }
  // The releases as they are in testdata, with a generated relup; made once per program.
  static BuildMachine& standard_builds();

  // Deploys and starts 1.0.0, with the tarball of 1.1.0 beside it.
  void start(const BuildMachine& builds);

  // Runs relup; the test fails when that ends with another code.
  RelupResult relup(const std::vector<std::string>& arguments, int exit_code = 0);
  nlohmann::json status();
  // The same, once the release handler has time to answer: status looks for a short time only.
  nlohmann::json status_at_rest();
  // That the node runs `version`, by the word of relup and of the code, and boots `boots`.
  void expect_running(const std::string& version, const std::string& boots);

  std::string ask(const std::string& line) { return live_tests::ask(site_.node().port(), line); }
  // The facts of tally's `state` answer.
  std::map<std::string, std::string> state() { return facts(ask("state")); }
  static std::map<std::string, std::string> facts(const std::string& answer);

  // A line to the node, past relup.
  std::unique_ptr<node::NodeChannel> connect();

  Site site_{tools()};
};

// Clients under way for the time of a test. At the end of the load nobody may have been disturbed.
class Load {
 public:
  explicit Load(std::uint16_t port, std::size_t clients = 50);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Returns when every client has been answered since now.
  void go_round();
  // Ends it; all that happened.
  LoadReport stop();

 private:
  std::size_t clients_;
  LoadGenerator generator_;
  bool is_stopped_ = false;
};

}  // namespace relup::live_tests
