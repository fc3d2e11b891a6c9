// SPDX-License-Identifier: Apache-2.0
//
// What `generate` writes passes the rules that `lint` holds other people's appups to, by the appups
// and by the relup, up and down.
#include <gmock/gmock.h>

#include "base/diagnostic_text.hpp"
#include "base/error.hpp"
#include "lint/lint.hpp"
#include "pairs/pair.hpp"
#include "pairs/random_releases.hpp"
#include "pairs/upgrade.hpp"
#include "term/printer.hpp"

namespace relup::pairs {
namespace {

constexpr std::uint32_t seed = 16;
constexpr int rounds = 300;

// What the code of the new release does to live processes (it keeps rows of an old shape, does
// something only where a process starts, sends what nobody takes, leaves children to somebody who
// decides), no instruction that may be written unasked can mend.
constexpr std::string_view about_code[] = {"RU303", "RU406", "RU407", "RU410", "RU411", "RU412",
                                           "RU416", "RU418", "RU419", "RU501", "RU505"};

bool is_about_code(const Diagnostic& finding) {
  return std::find(std::begin(about_code), std::end(about_code), finding.code) !=
         std::end(about_code);
}

// Of the rules that look at the releases.
std::string findings_in(const Upgrade& upgrade, const policy::Policy& policy,
                        const generate::Generated& generated,
                        const std::string& rule_of_others = "") {
  lint::LintRequest request;
  request.policy = policy;
  for (const generate::GeneratedAppup& appup : generated.appups) {
    request.appups.push_back({appup.application.name() + ".appup", appup.text, appup.version});
  }
  request.relups.push_back({"relup", term_file(to_term(*generated.relup))});
  for (const release::ReleaseTree& base : upgrade.bases())
    request.from.push_back(&base);
  request.to = &upgrade.target();
  std::string text;
  for (const Diagnostic& finding : lint::lint(request)) {
    if (finding.code > "RU2" && finding.code < "RU8" && !is_about_code(finding) &&
        finding.code != rule_of_others)
      text += to_text(finding, {});
  }
  return text;
}

class OwnOutput : public testing::TestWithParam<std::string> {};

TEST_P(OwnOutput, HasNothingForLint) {
  const Pair& pair = find_pair(GetParam());
  support::MemoryFileSystem files;
  write_pair(files, "/", pair);
  const policy::Policy policy = policy_of(pair);
  const Upgrade upgrade(files, {"/old"}, "/new", policy);
  try {
    const generate::Generated generated = upgrade.generate();
    if (!generated.relup) GTEST_SKIP() << "nothing is written";
    EXPECT_EQ(findings_in(upgrade, policy, generated), "");
  } catch (const Error& refused) {
    GTEST_SKIP() << "nothing is written: " << refused.message();
  }
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

INSTANTIATE_TEST_SUITE_P(Pairs, OwnOutput, testing::ValuesIn(names()), test_name);

TEST(OwnOutputOfRandomReleases, HasNothingForLint) {
  ReleaseMaker maker(seed);
  for (int round = 0; round < rounds; ++round) {
    support::MemoryFileSystem files;
    const std::vector<support::SampleRelease> releases = maker.next();
    std::vector<std::string> roots;
    for (const support::SampleRelease& release : releases) {
      roots.push_back("/" + release.version);
      support::write_release(files, roots.back(), release);
    }
    const std::string target = roots.back();
    roots.pop_back();
    const Upgrade upgrade(files, roots, target);
    const generate::Generated generated = upgrade.generate();
    if (!generated.relup) continue;
    // Calls that modules in a circle leave open are held to their rule in
    // generate_property_test.cpp.
    ASSERT_EQ(findings_in(upgrade, {}, generated, "RU701"), "") << "round " << round;
  }
}

}  // namespace
}  // namespace relup::pairs
