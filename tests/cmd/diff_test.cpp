// SPDX-License-Identifier: Apache-2.0
//
// What people see of a difference, on terminals of two widths, and what programs get of it.
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cmd/bazaar.hpp"
#include "cmd/program.hpp"
#include "support/golden.hpp"
#include "support/json_schema.hpp"
#include "support/sample_release.hpp"
#include "support/temporary_directory.hpp"

namespace relup::cmd {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DiffVerb : public ::testing::Test {
 protected:
  DiffVerb() { write_bazaar(place_.path()); }

  Answer diff(std::vector<std::string> arguments, int columns = 80,
              const std::string& environment = "NO_COLOR=1") const {
    Call call{std::move(arguments), place_.path(), {"TERM=xterm", environment}};
    call.arguments.insert(call.arguments.begin(), "diff");
    call.output_columns = columns;
    return run_relup(call);
  }

  json document(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--format", "json", "diff"});
    const Answer answer = run_relup({std::move(arguments), place_.path()});
    return json::parse(answer.output, nullptr, false);
  }

  json module(const json& document, const std::string& name) const {
    for (const json& application : document["applications"]) {
      for (const json& module : application["modules"]) {
        if (module["name"] == name) return module;
      }
    }
    return {};
  }

  support::TemporaryDirectory place_;
};

// No line ends in a blank or is wider than the terminal.
void expect_tidy(const std::string& text, std::size_t columns) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), columns) << line;
    if (!line.empty()) {
      EXPECT_NE(line.back(), ' ') << line;
    }
  }
}

TEST_F(DiffVerb, TellsTheImportantFirst) {
  for (const int columns : {80, 40}) {
    const Answer answer = diff({"old", "new"}, columns);
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.messages, IsEmpty());
    expect_tidy(answer.output, static_cast<std::size_t>(columns));
    support::expect_golden("diff/bazaar-" + std::to_string(columns) + ".txt", answer.output);
  }
}

TEST_F(DiffVerb, NamesEverythingWhenAskedTo) {
  const Answer answer = diff({"-v", "old", "new"});
  expect_tidy(answer.output, 80);
  support::expect_golden("diff/bazaar-verbose.txt", answer.output);
}

TEST_F(DiffVerb, IsTheSameTextWithColours) {
  std::string coloured = diff({"old", "new"}, 80, "FORCE_COLOR=1").output;
  const std::string plain = diff({"old", "new"}).output;
  EXPECT_NE(coloured, plain);
  for (std::size_t at = 0; (at = coloured.find('\033', at)) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  EXPECT_EQ(coloured, plain);
}

TEST_F(DiffVerb, OfEqualReleasesIsOneLine) {
  const Answer answer = diff({"old", "old", "--exit-code"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.output, "bazaar 2.9.4: nothing differs\n");
  EXPECT_EQ(diff({"-v", "old", "old"}).output, answer.output);
}

TEST_F(DiffVerb, OfTheSameFilesUnderAnotherVersionSaysThat) {
  const support::SampleRelease one{"1", {}};
  const support::SampleRelease two{"2", {}};
  support::write_release(real_file_system(), place_ / "one", one);
  support::write_release(real_file_system(), place_ / "two", two);
  EXPECT_EQ(diff({"one", "two"}).output, "shop 1 -> 2: nothing but the version differs\n");
}

TEST_F(DiffVerb, TellsWhenTheNameDiffers) {
  support::write_release(real_file_system(), place_ / "shop", {"1", {}});
  EXPECT_THAT(diff({"shop", "old"}).output,
              HasSubstr("shop 1 -> bazaar 2.9.4: 6 applications added\n"));
}

TEST_F(DiffVerb, HasEverythingAsJson) {
  const json all = document({"old", "new"});
  EXPECT_THAT(support::schema_faults("diff.schema.json", all), IsEmpty()) << all.dump(1);
  const json server = module(all, "stall_server");
  EXPECT_EQ(server["behaviours"], json({"gen_server"}));
  EXPECT_EQ(server["state_change"], json::parse(R"({
              "before": {"kind": "record", "name": "state", "fields": ["items"]},
              "after": {"kind": "record", "name": "state", "fields": ["items", "currency", "since"]},
              "added": ["currency", "since"], "removed": [],
              "fault": "its code_change returns the state as it was"})"));
  EXPECT_EQ(module(all, "stall_till")["state_change"]["fault"], nullptr);
  EXPECT_EQ(module(all, "stall_sup")["children"], json::parse(R"({
              "supervisor": "stall_sup", "source": "init",
              "added": ["stall_till"], "removed": ["stall_legacy"],
              "changed": [], "flags": [], "old_argument": null})"));
  EXPECT_EQ(module(all, "stall_sup")["init_effects"], json({"ets:new/2"}));
  EXPECT_EQ(module(all, "stall_price")["exports"], json::parse(R"({
              "added": [{"name": "tax", "arity": 0}, {"name": "tax", "arity": 1}],
              "removed": []})"));
  EXPECT_EQ(module(all, "stall_stats")["exports"], nullptr);
}

TEST_F(DiffVerb, TellsAsJsonWhatCannotBeHot) {
  const json all = document({"old", "new"});
  EXPECT_EQ(all["restart"], json::parse(R"({
              "emulator": ["ERTS changes from 13.1.5 to 14.0"],
              "applications": [{"name": "scale", "reasons": ["priv/scale.so changed"]}],
              "next_start": ["vm.args differs"]})"));
  const json same = document({"old", "old"});
  EXPECT_THAT(support::schema_faults("diff.schema.json", same), IsEmpty()) << same.dump(1);
  EXPECT_EQ(same["restart"],
            json::parse(R"({"emulator": [], "applications": [], "next_start": []})"));
}

}  // namespace
}  // namespace relup::cmd
