// SPDX-License-Identifier: Apache-2.0
//
// Five releases to come from, in which each application has one to five versions: an appup with an
// entry for each of them, and a relup that all five can use, both ways.
#include <algorithm>

#include <gmock/gmock.h>

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

class SeveralBases : public ::testing::Test {
 protected:
  SeveralBases() {
    std::vector<std::string> roots;
    for (int number = 1; number <= bases + 1; ++number) {
      roots.push_back("/" + std::to_string(number));
      support::write_release(files_, roots.back(), release(number));
    }
    const std::string target = roots.back();
    roots.pop_back();
    upgrade_.emplace(files_, roots, target);
    generated_ = upgrade_->generate();
  }

  support::MemoryFileSystem files_;
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

}  // namespace
}  // namespace relup::pairs
