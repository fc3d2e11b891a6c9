// SPDX-License-Identifier: Apache-2.0
//
// Five releases to come from, in which each application has one to five versions: an appup with an
// entry for each of them, and a relup that all five can use, both ways. In whatever order they are
// named the result is the same, here and for random releases.
#include <algorithm>

#include <gmock/gmock.h>

#include "pairs/random_releases.hpp"
#include "pairs/script_model.hpp"
#include "pairs/upgrade.hpp"
#include "support/compiled_modules.hpp"
#include "support/sample_release.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::pairs {
namespace {

using appup::Direction;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr int bases = 5;

std::string name_of(int application) {
  return "app" + std::to_string(application);
}

// app1 has one version in all bases, app5 another one in each; the target has one more.
int version_of(int application, int release) {
  return release > bases ? application + 1 : std::min(application, release);
}

std::map<std::string, std::string> compile_all() {
  support::ModuleSources sources;
  for (int application = 1; application <= bases; ++application) {
    for (int version = 1; version <= application + 1; ++version) {
      const std::string name = name_of(application);
      sources[std::to_string(version) + "/" + name] =
          "-module(" + name + ").\n-export([f/0]).\nf() -> " + std::to_string(version) + ".\n";
    }
  }
  return support::compile_modules(sources);
}

support::SampleRelease release(int number) {
  static const auto modules = compile_all();
  support::SampleRelease made{std::to_string(number), {}};
  for (int application = 1; application <= bases; ++application) {
    const std::string version = std::to_string(version_of(application, number));
    const std::string name = name_of(application);
    made.applications.push_back({name, version, {{name, modules.at(version + "/" + name)}}});
  }
  return made;
}

std::vector<std::string> versions_in(const Term& entries) {
  std::vector<std::string> versions;
  for (const Term& entry : *entries.as_list())
    versions.push_back((*entry.as_tuple())[0].text().value());
  return versions;
}

std::vector<std::string> versions_in(const std::vector<RelupEntry>& entries) {
  std::vector<std::string> versions;
  for (const RelupEntry& entry : entries)
    versions.push_back(entry.version);
  return versions;
}

// The scripts of one base, both ways.
std::string scripts_for(const generate::Generated& generated, const std::string& base) {
  std::string text;
  for (const auto* entries : {&generated.relup->up, &generated.relup->down}) {
    const auto entry = std::find_if(entries->begin(), entries->end(),
                                    [&](const RelupEntry& each) { return each.version == base; });
    text += print(to_term(entry->script)) + "\n";
  }
  return text;
}

std::string appups_and_findings(const generate::Generated& generated) {
  std::string text;
  for (const generate::GeneratedAppup& appup : generated.appups)
    text += appup.text;
  for (const Diagnostic& finding : generated.diagnostics)
    text += finding.rule + ": " + finding.message + "\n";
  return text;
}

void expect_the_same(const Upgrade& one, const Upgrade& other) {
  const generate::Generated left = one.generate();
  const generate::Generated right = other.generate();
  EXPECT_EQ(appups_and_findings(left), appups_and_findings(right));
  ASSERT_TRUE(left.relup && right.relup);
  for (const release::ReleaseTree& base : one.bases())
    EXPECT_EQ(scripts_for(left, base.version()), scripts_for(right, base.version()));
}

class SeveralBases : public ::testing::Test {
 protected:
  SeveralBases() {
    std::vector<std::string> roots;
    for (int number = 1; number <= bases + 1; ++number) {
      roots.push_back("/" + std::to_string(number));
      support::write_release(files_, roots.back(), release(number));
    }
    target_ = roots.back();
    roots.pop_back();
    roots_ = roots;
    upgrade_.emplace(files_, roots, target_);
    generated_ = upgrade_->generate();
  }

  support::MemoryFileSystem files_;
  std::vector<std::string> roots_;  // of the bases
  std::string target_;
  std::optional<Upgrade> upgrade_;
  generate::Generated generated_;
};

TEST_F(SeveralBases, GiveOneAppupWithAnEntryForEachVersion) {
  EXPECT_THAT(generated_.diagnostics, IsEmpty());
  ASSERT_EQ(generated_.appups.size(), static_cast<std::size_t>(bases));
  for (int application = 1; application <= bases; ++application) {
    const auto& appup = generated_.appups[static_cast<std::size_t>(application) - 1];
    EXPECT_EQ(appup.application.name(), name_of(application));
    EXPECT_EQ(appup.version, std::to_string(application + 1));
    std::vector<std::string> expected;
    for (int version = 1; version <= application; ++version)
      expected.push_back(std::to_string(version));
    const Term term = parse_single_term("appup", appup.text);
    EXPECT_THAT(versions_in((*term.as_tuple())[1]), ElementsAreArray(expected));
    EXPECT_THAT(versions_in((*term.as_tuple())[2]), ElementsAreArray(expected));
  }
}

TEST_F(SeveralBases, GiveOneRelupForAllOfThem) {
  ASSERT_TRUE(generated_.relup);
  const std::vector<std::string> expected{"5", "4", "3", "2", "1"};
  EXPECT_THAT(versions_in(generated_.relup->up), ElementsAreArray(expected));
  EXPECT_THAT(versions_in(generated_.relup->down), ElementsAreArray(expected));
  const ModelRelease target = model_of(upgrade_->target());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const ModelRelease base = model_of(upgrade_->bases()[expected.size() - 1 - i]);
    ModelNode node(base);
    node.run(generated_.relup->up[i].script, Direction::up, target);
    node.run(generated_.relup->down[i].script, Direction::down, base);
    EXPECT_THAT(node.faults(), IsEmpty()) << "from " << expected[i];
    EXPECT_TRUE(same_state(node, ModelNode(base)));
  }
}

TEST_F(SeveralBases, AreWhatTheCompilerMakesOfTheAppups) {
  const CompileResult compiled = upgrade_->compile(generated_);
  EXPECT_THAT(compiled.diagnostics, IsEmpty());
  ASSERT_TRUE(compiled.relup);
  EXPECT_EQ(term_file(to_term(*compiled.relup)), term_file(to_term(*generated_.relup)));
}

TEST_F(SeveralBases, GiveTheSameInAnyOrder) {
  std::vector<std::string> others = roots_;
  for (int i = 0; i < bases; ++i) {
    std::rotate(others.begin(), others.begin() + 1, others.end());
    expect_the_same(*upgrade_, Upgrade(files_, others, target_));
  }
  std::reverse(others.begin(), others.end());
  expect_the_same(*upgrade_, Upgrade(files_, others, target_));
}

TEST_F(SeveralBases, GiveEachTheScriptsThatItWouldHaveAlone) {
  ASSERT_TRUE(generated_.relup);
  for (const std::string& root : roots_) {
    const generate::Generated alone = Upgrade(files_, {root}, target_).generate();
    ASSERT_TRUE(alone.relup);
    const std::string version = root.substr(1);
    EXPECT_EQ(scripts_for(alone, version), scripts_for(generated_, version));
  }
}

TEST(RandomBases, GiveTheSameInAnyOrder) {
  ReleaseMaker maker(11);
  for (int round = 0; round < 60 && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    support::MemoryFileSystem files;
    std::vector<std::string> roots;
    for (const support::SampleRelease& release : maker.next()) {
      roots.push_back("/" + release.version);
      support::write_release(files, roots.back(), release);
    }
    const std::string target = roots.back();
    roots.pop_back();
    std::vector<std::string> reversed(roots.rbegin(), roots.rend());
    expect_the_same(Upgrade(files, roots, target), Upgrade(files, reversed, target));
  }
}

}  // namespace
}  // namespace relup::pairs
