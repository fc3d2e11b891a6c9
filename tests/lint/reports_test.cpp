// SPDX-License-Identifier: Apache-2.0
//
// The reports for programs: SARIF against its schema, GitHub's commands by a golden file.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "lint/reports/github_report.hpp"
#include "lint/reports/json_report.hpp"
#include "lint/reports/sarif_report.hpp"
#include "lint/rule_list.hpp"
#include "support/golden.hpp"
#include "support/json_schema.hpp"

namespace relup::lint {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;

constexpr const char* sarif_schema = "sarif-2.1.0.subset.schema.json";

Diagnostic finding(const std::string& file, Severity severity, std::string message) {
  Diagnostic made;
  made.code = "RU003";
  made.rule = "bad-instruction";
  made.severity = severity;
  made.message = std::move(message);
  made.file = file;
  return made;
}

// One of everything: a place on one line and on several, none, a fix, a rule that is not the
// linter's, a file with an odd name, one that is not below the working directory, no file.
Diagnostics findings() {
  const Source source = make_source("lib/shop-2.0/ebin/shop.appup",
                                    "{\"2.0\",\n [{\"1.0\", [oops, oops]}],\n [{\"1.0\",\n"
                                    "   [\xC3\xA4 oops]}]}.\n");
  Diagnostics all;
  all.push_back(finding(source->name(), Severity::error, "`oops` is no instruction"));
  all.back().source = source;
  all.back().span = {20, 24};
  all.back().notes = {"expected one of\nload_module, update", "100% sure: yes, sure"};
  all.back().fix = Fix{"take it out", {{{20, 26}, ""}}};
  all.push_back(all.front());
  all.back().span = {26, 30};
  all.push_back(finding(source->name(), Severity::warning, "spans lines\r\nand has two"));
  all.back().source = source;
  all.back().span = {10, 45};
  all.push_back(finding("odd, name:50%.appup", Severity::note, "about the file"));
  all.push_back(finding("/elsewhere/\xC3\xA4.appup", Severity::error, "does not parse"));
  all.back().code = "";
  all.back().rule = "syntax";
  all.push_back(finding("", Severity::warning, "about the call"));
  return all;
}

json parsed(const Json& document) {
  return json::parse(dump(document));
}

// Without the rules: they have tests of their own, and come and go.
json without_rules(json document) {
  json& run = document["runs"][0];
  run["tool"]["driver"].erase("rules");
  for (json& result : run["results"])
    result.erase("ruleIndex");
  return document;
}

TEST(GithubReport, IsACommandForEachFinding) {
  support::expect_golden("lint/reports/github.txt", github_report(findings()));
}

TEST(SarifReport, IsValid) {
  const json document = parsed(sarif_report(findings(), {"1.2.3", "/work"}));
  EXPECT_THAT(support::schema_faults(sarif_schema, document), IsEmpty());
  support::expect_golden("lint/reports/sarif.json", without_rules(document).dump(2) + "\n");
}

TEST(SarifReport, NamesTheRuleOfEveryResult) {
  const json run = parsed(sarif_report(findings(), {"1.2.3", "/work"}))["runs"][0];
  const json& rules = run["tool"]["driver"]["rules"];
  EXPECT_EQ(rules.size(), all_rules().size() + 1);
  for (const json& result : run["results"])
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
}

TEST(SarifReport, HoldsNoMoreThanGithubTakes) {
  Diagnostics many(30, finding("a.appup", Severity::note, "noted"));
  many[7].severity = Severity::error;
  many[29].severity = Severity::warning;
  const json document = parsed(sarif_report(many, {"1.2.3", "/work", 3}));
  EXPECT_THAT(support::schema_faults(sarif_schema, document), IsEmpty());
  const json& run = document["runs"][0];
  ASSERT_EQ(run["results"].size(), 3U);
  EXPECT_EQ(run["results"][1]["level"], "error");
  EXPECT_EQ(run["results"][2]["level"], "warning");
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "27 findings more than a report holds are left out");
}

TEST(SarifReport, KnowsAFindingWhoseLineHasMoved) {
  Diagnostics before = findings();
  Diagnostics after = findings();
  after[0].source =
      make_source(before[0].file, "\n%% new\n" + std::string(before[0].source->text()));
  after[0].span = {28, 32};
  const auto print_of = [](const Diagnostics& all, std::size_t index) {
    return parsed(
        sarif_report(all, {"1", "/"}))["runs"][0]["results"][index]["partialFingerprints"];
  };
  EXPECT_EQ(print_of(before, 0), print_of(after, 0));
  EXPECT_NE(print_of(before, 0), print_of(before, 1));
}

TEST(JsonReport, IsValid) {
  const json document = parsed(json_report({findings(), 4, 2}, 1, "1.2.3"));
  EXPECT_THAT(support::schema_faults("lint.schema.json", document), IsEmpty());
  support::expect_golden("lint/reports/lint.json", document.dump(2) + "\n");
}

}  // namespace
}  // namespace relup::lint
