// SPDX-License-Identifier: Apache-2.0
//
// What the functions that a script calls print and log is told to the operator, and stays in the
// node's own log.

#include <sstream>

#include "live/support/source_variant.hpp"
#include "live/support/web_server.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class ScriptLinesTest : public LiveTest, public testing::WithParamInterface<const char*> {
 protected:
  ScriptLinesTest() {
    start(web_builds(tools(), RELUP_WEB_LIBRARIES));
    write_file(site_.root() / "relup.yaml", "quiesce: {upgrade_modules: [tally_upgrade]}\n");
  }
};

std::vector<std::string> said(const std::string& events) {
  std::vector<std::string> lines;
  std::istringstream text(events);
  for (std::string line; std::getline(text, line);) {
    const auto event = nlohmann::json::parse(line);
    if (event.at("state") == "says") lines.push_back(event.at("detail"));
  }
  return lines;
}

TEST_P(ScriptLinesTest, AreShownAsTheyComeAndKeptOnTheNode) {
  const RelupResult result =
      relup({"upgrade", "1.1.0", "--progress", "json", "--engine", GetParam()});
  EXPECT_THAT(said(result.errors), ElementsAre("the shelves are closed", "notice: closed shelves",
                                               "the shelves are open", "notice: open shelves"));
  EXPECT_THAT(read_file(site_.node().log_file()),
              AllOf(HasSubstr("the shelves are closed"), HasSubstr("open shelves")));
}

INSTANTIATE_TEST_SUITE_P(Of, ScriptLinesTest, testing::Values("relup", "otp"),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace relup::live_tests
