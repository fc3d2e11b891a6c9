// SPDX-License-Identifier: Apache-2.0
#include "diff/release_diff.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "diff/in_words.hpp"
#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"

namespace relup::diff {
namespace {

using support::SampleApplication;
using support::SampleRelease;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string body = "-export([f/0]).\nf() -> erlang:error(why).\n";
const std::string plain = "-module(m).\n" + body;

// Code of which a compiler that optimises makes other instructions.
std::string loop_of(const std::string& step) {
  return "-export([sum/2]).\nsum(N, S) when is_integer(N), is_integer(S), N > 0 ->\n"
         "  {A, B} = {N - " +
         step + ", S + N}, sum(A, B);\nsum(_, S) -> S.\n";
}

// As another compiler would have signed it.
std::string by_another_compiler(std::string beam) {
  const std::size_t info = beam.find("CInf");
  const std::size_t version = beam.find("version", info);
  const std::size_t digit = beam.find('.', version) - 1;
  beam[digit] = beam[digit] == '9' ? '8' : '9';
  return beam;
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"plain/m", plain},
      {"shifted/m", "\n\n\n" + plain},
      {"debug/m", "-module(m).\n-compile(debug_info).\n" + body},
      {"vsn/m", "-module(m).\n-vsn(\"2\").\n" + body},
      {"changed/m", "-module(m).\n-export([f/0]).\nf() -> erlang:error(other).\n"},
      {"wider/m", "-module(m).\n-export([f/0, g/1]).\nf() -> erlang:error(why).\ng(X) -> X.\n"},
      {"plain/n", "-module(n).\n-export([f/0]).\nf() -> n.\n"},
      {"here/s", "-module(s).\n-compile([debug_info]).\n" + loop_of("1")},
      {"there/s",
       "\n-module(s).\n-compile([debug_info, no_ssa_opt, no_copt, no_postopt]).\n" + loop_of("1")},
      {"other/s", "-module(s).\n-compile([debug_info, no_ssa_opt]).\n" + loop_of("2")},
      {"changed/n", "-module(n).\n-export([f/0]).\nf() -> nn.\n"},
  });
  return modules;
}

// An application of the modules "LABEL/NAME".
SampleApplication application(const std::string& name, const std::string& version,
                              const std::vector<std::string>& keys) {
  SampleApplication made{name, version};
  for (const std::string& key : keys)
    made.modules[key.substr(key.find('/') + 1)] = compiled().at(key);
  return made;
}

class ReleaseDiffTest : public ::testing::Test {
 protected:
  ReleaseDiff compare(const SampleRelease& from, const SampleRelease& to) {
    support::write_release(files_, "/old", from);
    support::write_release(files_, "/new", to);
    return compare_releases(load("/old"), load("/new"));
  }

  release::ReleaseTree load(const std::string& root) {
    return release::load_release(release::resolve_reference(files_, root), {});
  }

  support::MemoryFileSystem files_;
};

const ApplicationChange& find(const ReleaseDiff& diff, const std::string& name) {
  const auto found = std::find_if(diff.applications.begin(), diff.applications.end(),
                                  [&](const auto& each) { return each.name == name; });
  if (found == diff.applications.end()) throw std::runtime_error("no change of " + name);
  return *found;
}

template <typename Fact>
std::vector<std::string> words(const std::vector<Fact>& facts) {
  std::vector<std::string> words;
  for (const Fact& fact : facts)
    words.push_back(describe(fact));
  return words;
}

struct ModuleCase {
  const char* name;
  const char* before;
  const char* after;
  std::optional<ModuleStatus> status;
  std::vector<std::string> reasons = {};
};

class ModuleDiff : public ReleaseDiffTest, public ::testing::WithParamInterface<ModuleCase> {};

TEST_P(ModuleDiff, IsByTheCode) {
  const ModuleCase& test = GetParam();
  const ReleaseDiff diff = compare({"1", {application("shop", "1", {test.before})}},
                                   {"2", {application("shop", "2", {test.after})}});
  const ApplicationChange& shop = find(diff, "shop");
  EXPECT_EQ(shop.status, ApplicationStatus::upgraded);
  ASSERT_EQ(shop.modules.size(), test.status ? 1U : 0U);
  if (!test.status) return;
  EXPECT_EQ(shop.modules[0].status, *test.status);
  EXPECT_EQ(reasons_of(shop.modules[0]), test.reasons);
  EXPECT_EQ(shop.has_code_changes(), test.status != ModuleStatus::rebuilt);
}

INSTANTIATE_TEST_SUITE_P(
    All, ModuleDiff,
    ::testing::Values(
        ModuleCase{"same", "plain/m", "plain/m", std::nullopt},
        ModuleCase{"lines_shifted",
                   "plain/m",
                   "shifted/m",
                   ModuleStatus::rebuilt,
                   {"same code, compiled anew"}},
        ModuleCase{"debug_info",
                   "plain/m",
                   "debug/m",
                   ModuleStatus::rebuilt,
                   {"same code, compiled anew"}},
        ModuleCase{"vsn_attribute",
                   "plain/m",
                   "vsn/m",
                   ModuleStatus::rebuilt,
                   {"same code, compiled anew"}},
        ModuleCase{"code", "plain/m", "changed/m", ModuleStatus::changed, {"code"}},
        ModuleCase{"exports", "plain/m", "wider/m", ModuleStatus::changed, {"now exports g/1"}},
        ModuleCase{"exports_back",
                   "wider/m",
                   "plain/m",
                   ModuleStatus::changed,
                   {"no longer exports g/1"}}),
    [](const auto& test) { return test.param.name; });

TEST_F(ReleaseDiffTest, ModulesComeAndGo) {
  const ReleaseDiff diff = compare({"1", {application("shop", "1", {"plain/m"})}},
                                   {"2", {application("shop", "2", {"plain/n"})}});
  const auto& modules = find(diff, "shop").modules;
  ASSERT_EQ(modules.size(), 2U);
  EXPECT_EQ(modules[0].name.name(), "m");
  EXPECT_EQ(modules[0].status, ModuleStatus::removed);
  EXPECT_TRUE(modules[0].old_facts && !modules[0].new_facts);
  EXPECT_EQ(modules[1].name.name(), "n");
  EXPECT_EQ(modules[1].status, ModuleStatus::added);
  EXPECT_TRUE(!modules[1].old_facts && modules[1].new_facts);
}

TEST_F(ReleaseDiffTest, AModuleThatMovesBetweenApplicationsIsSaidOnBothSides) {
  const ReleaseDiff diff = compare(
      {"1", {application("shop", "1", {"plain/m", "plain/n"}), application("till", "1", {})}},
      {"2", {application("shop", "2", {"plain/n"}), application("till", "2", {"plain/m"})}});
  const auto& left = find(diff, "shop").modules;
  const auto& came = find(diff, "till").modules;
  ASSERT_EQ(left.size(), 1U);
  ASSERT_EQ(came.size(), 1U);
  EXPECT_EQ(left[0].status, ModuleStatus::moved);
  EXPECT_THAT(reasons_of(left[0]), ElementsAre("to till"));
  EXPECT_EQ(came[0].status, ModuleStatus::moved);
  EXPECT_THAT(reasons_of(came[0]), ElementsAre("from shop"));
  EXPECT_FALSE(came[0].changes_code);
}

TEST_F(ReleaseDiffTest, AModuleThatMovesAndChangesIsComparedWithWhatItWas) {
  const ReleaseDiff diff = compare(
      {"1", {application("shop", "1", {"plain/m", "plain/n"}), application("till", "1", {})}},
      {"2", {application("shop", "2", {"plain/n"}), application("till", "2", {"changed/m"})}});
  const ModuleChange& came = find(diff, "till").modules.at(0);
  EXPECT_EQ(came.status, ModuleStatus::moved);
  EXPECT_THAT(reasons_of(came), ElementsAre("from shop", "code"));
  EXPECT_TRUE(came.changes_code);
}

TEST_F(ReleaseDiffTest, ApplicationsComeGoAndChangeVersion) {
  const ReleaseDiff diff =
      compare({"1",
               {application("up", "1.9", {}), application("down", "2.0", {}),
                application("same", "1", {}), application("gone", "1", {"plain/m"})}},
              {"2",
               {application("new", "1", {"plain/n"}), application("up", "1.10", {}),
                application("down", "2.0-rc.1", {}), application("same", "1", {})}});
  std::vector<std::string> told;
  for (const ApplicationChange& change : diff.applications) {
    told.push_back(change.name.name() + " " + std::string(to_string(change.status)) + " " +
                   change.old_version + ">" + change.new_version);
  }
  EXPECT_THAT(told,
              ElementsAre("kernel unchanged 8.5.3>8.5.3", "stdlib unchanged 4.2>4.2",
                          "sasl unchanged 4.2>4.2", "new added >1", "up upgraded 1.9>1.10",
                          "down downgraded 2.0>2.0-rc.1", "same unchanged 1>1", "gone removed 1>"));
  EXPECT_EQ(find(diff, "new").modules.at(0).status, ModuleStatus::added);
  EXPECT_EQ(find(diff, "gone").modules.at(0).status, ModuleStatus::removed);
  EXPECT_THAT(diff.findings, IsEmpty());
}

TEST_F(ReleaseDiffTest, ChangedCodeUnderTheSameVersionIsFound) {
  const ReleaseDiff diff = compare({"1", {application("shop", "1", {"plain/m", "plain/n"})}},
                                   {"2", {application("shop", "1", {"changed/m", "changed/n"})}});
  ASSERT_EQ(diff.findings.size(), 1U);
  const Diagnostic& finding = diff.findings[0];
  EXPECT_EQ(finding.rule, "same-version-changed-code");
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.file, "/new/lib/shop-1");
  EXPECT_EQ(finding.message, "the code of shop 1 changed, but its version did not: m, n");
  EXPECT_THAT(finding.notes, ElementsAre(HasSubstr("raise the version of shop")));
}

TEST_F(ReleaseDiffTest, RebuiltCodeUnderTheSameVersionIsFine) {
  const ReleaseDiff diff = compare({"1", {application("shop", "1", {"plain/m"})}},
                                   {"2", {application("shop", "1", {"shifted/m"})}});
  EXPECT_THAT(diff.findings, IsEmpty());
  EXPECT_FALSE(diff.is_empty());
}

TEST_F(ReleaseDiffTest, IsEmptyOnlyWhenNothingDiffers) {
  const SampleRelease release{"1", {application("shop", "1", {"plain/m"})}};
  EXPECT_TRUE(compare(release, release).is_empty());
  SampleRelease other_erts = release;
  other_erts.erts = "14.0";
  EXPECT_FALSE(compare(release, other_erts).is_empty());
}

TEST_F(ReleaseDiffTest, SaysWhatElseOfAnApplicationDiffers) {
  support::write_release(files_, "/old", {"1", {application("shop", "1", {"plain/m", "plain/n"})}});
  support::write_release(files_, "/new", {"2", {application("shop", "2", {"plain/m", "plain/n"})}});
  support::write_file(files_, "/old/lib/shop-1/ebin/shop.app",
                      "{application,shop,[{description,\"\"},{vsn,\"1\"},{modules,[m,n]},"
                      "{registered,[]},{applications,[kernel,stdlib]},"
                      "{env,[{port,1},{host,a},{same,1}]}]}.");
  support::write_file(files_, "/new/lib/shop-2/ebin/shop.app",
                      "{application,shop,[{description,\"\"},{vsn,\"2\"},{modules,[m,gone]},"
                      "{registered,[shop]},{applications,[kernel,stdlib,sasl]},{mod,{m,[]}},"
                      "{env,[{port,2},{depth,1},{same,1}]}]}.");
  support::write_file(files_, "/old/lib/shop-1/priv/a/page.html", "old");
  support::write_file(files_, "/new/lib/shop-2/priv/a/page.html", "new");
  support::write_file(files_, "/new/lib/shop-2/priv/shop.so", "so");
  const ReleaseDiff diff = compare_releases(load("/old"), load("/new"));
  EXPECT_THAT(
      words(find(diff, "shop").details),
      ElementsAre("needs: new sasl", "start: changed start module",
                  "environment: new depth; gone host; changed port", "registered names: new shop",
                  "priv: new shop.so; changed a/page.html", "lists gone, which is not in its ebin",
                  "has n, which its .app file does not list"));
  EXPECT_THAT(find(diff, "sasl").details, IsEmpty());
}

TEST_F(ReleaseDiffTest, ComparesTheFilesOfTheReleaseItself) {
  const SampleRelease old_release{"1", {application("shop", "1", {"plain/m"})}};
  support::write_release(files_, "/old", old_release);
  support::write_release(files_, "/new", {"2", {application("shop", "1", {"plain/m"})}});
  support::write_file(files_, "/new/releases/2/sys.config", "[{shop,[]}].");
  support::write_file(files_, "/new/releases/2/vm.args", "-smp");
  support::write_file(files_, "/old/releases/1/consolidated/m.beam", compiled().at("plain/m"));
  support::write_file(files_, "/new/releases/2/consolidated/m.beam", compiled().at("changed/m"));
  support::write_file(files_, "/new/releases/2/consolidated/n.beam", compiled().at("plain/n"));
  const ReleaseDiff diff = compare_releases(load("/old"), load("/new"));
  EXPECT_THAT(words(diff.settings), ElementsAre("sys.config differs", "vm.args is new"));
  ASSERT_EQ(diff.protocols.size(), 2U);
  EXPECT_EQ(diff.protocols[0].status, ModuleStatus::changed);
  EXPECT_EQ(diff.protocols[1].status, ModuleStatus::added);
  EXPECT_FALSE(diff.is_empty());
}

TEST_F(ReleaseDiffTest, NamesTheParametersThatDifferAndNotTheirValues) {
  const SampleRelease release{"1", {application("shop", "1", {"plain/m"})}};
  support::write_release(files_, "/old", release);
  support::write_release(files_, "/new", release);
  const auto compare_configurations = [&](const std::string& before, const std::string& after) {
    support::write_file(files_, "/old/releases/1/sys.config", before);
    support::write_file(files_, "/new/releases/1/sys.config", after);
    return compare_releases(load("/old"), load("/new"));
  };
  const ReleaseDiff diff = compare_configurations(
      "%% old\n[{till,[{depth,1}]},{shop,[{port,1},{host,h},{same,[1,2]}]}].",
      "[{shop,[{same,[1, 2]},{port,2},{'Elixir.Shop',[]}]},\"other.config\",{till,[{depth,1}]}].");
  ASSERT_EQ(diff.configuration.size(), 1U);
  EXPECT_EQ(diff.configuration[0].application, "shop");
  EXPECT_THAT(diff.configuration[0].added, ElementsAre("'Elixir.Shop'"));
  EXPECT_THAT(diff.configuration[0].removed, ElementsAre("host"));
  EXPECT_THAT(diff.configuration[0].changed, ElementsAre("port"));
  EXPECT_THAT(compare_configurations("[{shop,[{port,${PORT}}]}].", "[].").configuration, IsEmpty());
  EXPECT_THAT(compare_configurations("[{shop,[{port,1}]}].", "%% no term").configuration,
              IsEmpty());
}

TEST_F(ReleaseDiffTest, ADamagedModuleIsAnErrorThatNamesIt) {
  SampleApplication damaged = application("shop", "2", {"changed/m"});
  damaged.modules["m"].resize(damaged.modules["m"].size() / 2);
  try {
    compare({"1", {application("shop", "1", {"plain/m"})}}, {"2", {damaged}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    EXPECT_THAT(error.message(), HasSubstr("/new/lib/shop-2/ebin/m.beam"));
  }
}

TEST_F(ReleaseDiffTest, TakesTheSameSourceFromAnotherCompilerForTheSameCode) {
  const std::string& here = compiled().at("here/s");
  const std::string& there = compiled().at("there/s");
  const auto status = [&](const std::string& after) {
    SampleApplication old_one{"shop", "1.0"};
    SampleApplication new_one{"shop", "2.0"};
    old_one.modules["s"] = here;
    new_one.modules["s"] = after;
    return compare({"1.0", {old_one}}, {"2.0", {new_one}}).find(Atom("shop"))->modules.at(0).status;
  };
  EXPECT_EQ(status(there), ModuleStatus::changed);  // one compiler makes one code of one source
  EXPECT_EQ(status(by_another_compiler(there)), ModuleStatus::rebuilt);
  EXPECT_EQ(status(by_another_compiler(compiled().at("other/s"))), ModuleStatus::changed);
}

TEST_F(ReleaseDiffTest, HasNoNewsOfConfigurationProviders) {
  const auto write = [&](const std::string& root, const std::string& version,
                         const std::string& more) {
    support::write_release(files_, root, {version, {}});
    support::write_file(
        files_, root + "/releases/" + version + "/sys.config",
        "[{elixir, [{config_provider_init, #{at => \"" + version + "\"}}]}" + more + "].\n");
  };
  write("/old", "1.0", "");
  write("/new", "2.0", "");
  const ReleaseDiff same = compare_releases(load("/old"), load("/new"));
  EXPECT_THAT(same.settings, IsEmpty());
  EXPECT_THAT(same.configuration, IsEmpty());
  write("/new", "2.0", ", {shop, [{port, 1}]}");
  const ReleaseDiff other = compare_releases(load("/old"), load("/new"));
  EXPECT_EQ(other.settings.size(), 1U);
  ASSERT_EQ(other.configuration.size(), 1U);
  EXPECT_EQ(other.configuration.front().application, "shop");
}

TEST_F(ReleaseDiffTest, IsToldOfReleasesThatNobodyCanStart) {
  support::write_release(files_, "/old",
                         {"1.0", {{"a", "1.0", {}, {"b"}}, {"b", "1.0", {}, {"a"}}}});
  const auto reference = release::resolve_reference(files_, "/old");
  EXPECT_THROW(release::load_release(reference, {}), Error);
  const auto tree = release::load_release(reference, {}, release::BadOrder::told);
  EXPECT_FALSE(tree.faults.empty());
  EXPECT_THAT(compare_releases(tree, tree).applications, ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace relup::diff
