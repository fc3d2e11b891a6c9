// SPDX-License-Identifier: Apache-2.0
//
// Every file of testdata/pairs: what `diff` says of its two releases, which appups `generate`
// writes and what it finds. Nothing is written where it finds an error.
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "diff/in_words.hpp"
#include "pairs/pair.hpp"
#include "pairs/upgrade.hpp"
#include "term/printer.hpp"

namespace relup::pairs {
namespace {

using support::TxtarFiles;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : "; ") + part;
  return text;
}

std::string text_of_diff(const diff::ReleaseDiff& diff) {
  std::string text;
  for (const diff::ApplicationChange& application : diff.applications) {
    if (!application.differs()) continue;
    text += application.name.name() + " " + std::string(diff::to_string(application.status));
    if (!application.old_version.empty()) text += ", from " + application.old_version;
    if (!application.new_version.empty()) text += ", to " + application.new_version;
    text += "\n";
    for (const diff::ModuleChange& module : application.modules) {
      const std::string reasons = joined(diff::reasons_of(module));
      text += "  " + module.name.name() + " " + std::string(diff::to_string(module.status)) +
              (reasons.empty() ? "" : ": ") + reasons + "\n";
    }
    for (const diff::ApplicationDetail& detail : application.details)
      text += "  " + describe(detail) + "\n";
  }
  return text.empty() ? "nothing\n" : text;
}

std::string text_of_findings(const Diagnostics& findings) {
  std::string text;
  for (const Diagnostic& finding : findings) {
    text += std::string(to_string(finding.severity)) + " " + finding.rule + ": " + finding.message +
            "\n";
    if (!finding.file.empty()) text += "  in " + finding.file + "\n";
    for (const std::string& note : finding.notes)
      text += "  = " + note + "\n";
  }
  return text.empty() ? "none\n" : text;
}

TxtarFiles outcome_of(const Pair& pair) {
  support::MemoryFileSystem files;
  write_pair(files, "/", pair);
  const Upgrade upgrade(files, {"/old"}, "/new", policy_of(pair));
  TxtarFiles outcome;
  outcome["expected/diff"] =
      text_of_diff(diff::compare_releases(upgrade.bases().front(), upgrade.target()));
  try {
    const generate::Generated generated = upgrade.generate();
    outcome["expected/findings"] = text_of_findings(generated.diagnostics);
    if (!generated.relup) return outcome;
    for (const generate::GeneratedAppup& appup : generated.appups)
      outcome["expected/" + appup.application.name() + ".appup"] = appup.text;
    if (pair.files.contains("expected/relup")) {
      outcome["expected/relup"] = term_file(to_term(*generated.relup));
    }
  } catch (const Error& error) {
    outcome["expected/findings"] = "refused: " + error.message() + "\n";
  }
  return outcome;
}

TxtarFiles expected_of(const Pair& pair) {
  TxtarFiles expected;
  for (const auto& [name, content] : pair.files) {
    if (name.starts_with("expected/")) expected.emplace(name, content);
  }
  return expected;
}

class Pairs : public testing::TestWithParam<std::string> {};

TEST_P(Pairs, GiveWhatTheirRuleSays) {
  const Pair& pair = find_pair(GetParam());
  const TxtarFiles outcome = outcome_of(pair);
  if (std::getenv("RELUP_UPDATE_GOLDEN") != nullptr) return write_expected(pair, outcome);
  const TxtarFiles expected = expected_of(pair);
  for (const auto& [name, content] : outcome) {
    const auto found = expected.find(name);
    ASSERT_NE(found, expected.end()) << pair.name << " has no " << name << ":\n" << content;
    EXPECT_EQ(found->second, content) << name << " in testdata/pairs/" << pair.name << ".txt";
  }
  for (const auto& member : expected)
    EXPECT_TRUE(outcome.contains(member.first)) << "there is no " << member.first << " any more";
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const Pair& pair : all_pairs())
    names.push_back(pair.name);
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Pairs, testing::ValuesIn(names()), test_name);

}  // namespace
}  // namespace relup::pairs
