// SPDX-License-Identifier: Apache-2.0
//
// Appups as people have written them (testdata/lint/corpus): every mistake is found, once and under
// its rule, and nothing is found that is right.
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "base/diagnostic_text.hpp"
#include "base/file_system.hpp"
#include "lint/example.hpp"
#include "lint/lint.hpp"
#include "support/txtar.hpp"

namespace relup::lint {
namespace {

// "RU103 with missed-module a-star/shop.appup" taken apart.
struct Member {
  std::string rule;     // empty where the appup is right
  std::string fixture;  // empty where it is linted alone
  std::string file;
  std::string description;
  std::string text;
};

std::string take_word(std::string& text) {
  const std::size_t end = text.find(' ');
  std::string word = text.substr(0, end);
  text.erase(0, end == std::string::npos ? end : end + 1);
  return word;
}

std::vector<Member> members_of(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(std::string(RELUP_TESTDATA "/lint/corpus/") + name).rdbuf();
  std::vector<Member> members;
  for (const auto& [path, content] : support::read_txtar(text.str())) {
    Member member{"", "", base_name(path), "", content};
    std::string rest = parent_path(path);
    if (rest.starts_with("RU")) member.rule = take_word(rest);
    if (rest.starts_with("with ")) {
      take_word(rest);
      member.fixture = take_word(rest);
    }
    member.description = rest;
    members.push_back(std::move(member));
  }
  return members;
}

Diagnostics findings_in(const Member& member) {
  Diagnostics findings;
  if (member.fixture.empty()) {
    LintRequest request;
    request.appups.push_back({member.file, member.text});
    findings = lint(request);
  } else {
    findings = lint_against(member.fixture, member.text, member.file);
  }
  return findings;
}

std::string told(const Diagnostics& findings) {
  std::string text;
  for (const Diagnostic& finding : findings)
    text += to_text(finding, {});
  return text;
}

TEST(Corpus, HasEveryMistakeFoundOnce) {
  const auto mistakes = members_of("mistakes.txt");
  ASSERT_GE(mistakes.size(), 50U);
  for (const Member& mistake : mistakes) {
    const Diagnostics findings = findings_in(mistake);
    EXPECT_FALSE(findings.empty()) << mistake.rule << " " << mistake.description;
    std::set<std::uint32_t> places;
    for (const Diagnostic& finding : findings) {
      EXPECT_EQ(finding.code, mistake.rule) << mistake.description << "\n" << told(findings);
      EXPECT_TRUE(places.insert(finding.span.begin).second) << told(findings);
    }
  }
}

TEST(Corpus, HasNothingFoundInWhatIsRight) {
  const auto all = members_of("right.txt");
  ASSERT_GE(all.size(), 60U);
  for (const Member& right : all) {
    Diagnostics findings = findings_in(right);
    std::erase_if(findings, [](const auto& each) { return each.severity == Severity::note; });
    EXPECT_EQ(told(findings), "") << right.description;
  }
}

}  // namespace
}  // namespace relup::lint
