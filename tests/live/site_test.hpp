// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of stock releases share: a host with a node, and short ways to ask both.

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "live/support/load_generator.hpp"
#include "live/support/project_site.hpp"
#include "term/printer.hpp"

namespace relup::live_tests {

inline const Tools& tools() {
  static const Tools all{.testdata = RELUP_TESTDATA, .program = RELUP_PROGRAM};
  return all;
}

class SiteTest : public testing::Test {
 protected:
  explicit SiteTest(const ProjectBuilds& builds) : site_(tools(), builds) {}

  RelupResult relup(const std::vector<std::string>& arguments, int exit_code = 0) {
    RelupResult result = site_.relup(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result;
    return result;
  }

  nlohmann::json status() {
    return nlohmann::json::parse(relup({"status", "--format", "json"}).output);
  }

  std::string ask(const std::string& line) { return site_.ask(line); }

  std::string setting(const std::string& application, const std::string& key) {
    return print(site_.call("application", "get_env", {Term::atom(application), Term::atom(key)}));
  }

  std::string variable(const std::string& name) {
    return site_.call("os", "getenv", {Term::string(name)}).text().value_or("");
  }

  bool is_consolidated(const std::string& protocol) {
    return site_.call("Elixir.Protocol", "consolidated?", {Term::atom(protocol)}).is_atom("true");
  }

  // As an operator does it from a shell of the node.
  void restart_in_place() {
    const pid_t before = os_pid();
    site_.call("init", "restart", {});
    wait_for_boot();
    EXPECT_EQ(os_pid(), before);
  }

  pid_t os_pid() { return std::stoi(site_.call("os", "getpid", {}).text().value_or("0")); }

  // Until all applications are started; the port may still be that of the node that goes down.
  void wait_for_boot();

  std::filesystem::path file(const std::string& name) const { return site_.root() / name; }

  ProjectSite site_;
};

}  // namespace relup::live_tests
