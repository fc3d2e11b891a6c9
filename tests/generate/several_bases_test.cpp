// SPDX-License-Identifier: Apache-2.0
//
// Several releases to come from: what comes out does not hang on the order in which they are named,
// and what one of them needs is not done to the others. Every module is compiled.
#include <algorithm>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "generate/generate_upgrade.hpp"
#include "policy/read_policy.hpp"
#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/printer.hpp"

namespace relup::generate {
namespace {

using support::SampleApplication;
using support::SampleRelease;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Versions = std::vector<std::string>;

std::string plain(const std::string& name, const std::string& result) {
  return "-module(" + name + ").\n-export([f/0]).\nf() -> " + result + ".\n";
}

std::string server(const std::string& fields, const std::string& result) {
  return "-module(srv).\n-compile(debug_info).\n-behaviour(gen_server).\n"
         "-record(state, {" +
         fields +
         "}).\n-export([init/1, handle_call/3, handle_cast/2]).\n"
         "init(_) -> {ok, #state{}}.\n"
         "handle_call(_, _, S) -> {reply, " +
         result + ", S}.\nhandle_cast(_, S) -> {noreply, S}.\n";
}

std::string boss(const std::string& children, const std::string& intensity) {
  return "-module(boss).\n-behaviour(supervisor).\n-export([init/1]).\n"
         "init(_) -> {ok, {#{intensity => " +
         intensity + "}, [" + children + "]}}.\n";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"1/till", plain("till", "1")},
      {"2/till", plain("till", "2")},
      {"3/till", plain("till", "3")},
      {"x/extra", plain("extra", "1")},
      {"narrow/srv", server("n", "old")},
      {"wide/srv", server("n, since", "old")},
      {"new/srv", server("n, since", "new")},
      {"none/boss", boss("", "1")},
      {"clerk/boss", boss("#{id => clerk, start => {clerk, f, []}}", "1")},
      {"new/boss", boss("#{id => clerk, start => {clerk, f, []}}", "2")},
  });
  return modules;
}

SampleApplication shop(const std::string& version, const std::vector<std::string>& keys) {
  SampleApplication made{"shop", version};
  for (const std::string& key : keys)
    made.modules[key.substr(key.find('/') + 1)] = compiled().at(key);
  return made;
}

std::string text_of(const Generated& generated) {
  std::string text;
  for (const GeneratedAppup& appup : generated.appups)
    text += "==> " + appup.application.name() + "\n" + appup.text;
  for (const Diagnostic& finding : generated.diagnostics)
    text += std::string(to_string(finding.severity)) + " " + finding.message + "\n";
  return text;
}

Versions messages_of(const Generated& generated) {
  Versions messages;
  for (const Diagnostic& finding : generated.diagnostics)
    messages.push_back(finding.message);
  return messages;
}

std::string script_for(const std::vector<RelupEntry>& entries, const std::string& version) {
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const RelupEntry& each) { return each.version == version; });
  return print(to_term(entry->script));
}

class SeveralBasesTest : public ::testing::Test {
 protected:
  // The files that go with a release are written between the two.
  void write(const SampleRelease& release) {
    support::write_release(files_, "/" + release.version, release);
  }
  void write_file(const std::string& path, const std::string& bytes) {
    support::write_file(files_, path, bytes);
  }

  Generated generate(const Versions& bases) {
    std::vector<release::ReleaseTree> trees;
    for (const std::string& version : bases)
      trees.push_back(load(version));
    const release::ReleaseTree new_release = load("9.0");
    GenerateRequest request;
    for (const release::ReleaseTree& tree : trees)
      request.old_releases.push_back(&tree);
    request.new_release = &new_release;
    request.policy = policy_;
    request.edited_appup = edited_;
    return generate_upgrade(request);
  }

  // The same for every order, but for the order of the entries in the relup.
  Generated generate_in_any_order(Versions bases) {
    std::sort(bases.begin(), bases.end());
    const Generated first = generate(bases);
    while (std::next_permutation(bases.begin(), bases.end())) {
      const Generated other = generate(bases);
      EXPECT_EQ(text_of(other), text_of(first));
      EXPECT_EQ(other.relup.has_value(), first.relup.has_value());
      if (!other.relup || !first.relup) continue;
      for (const std::string& base : bases) {
        EXPECT_EQ(script_for(other.relup->up, base), script_for(first.relup->up, base));
        EXPECT_EQ(script_for(other.relup->down, base), script_for(first.relup->down, base));
      }
    }
    return first;
  }

  std::string refusal(const Versions& bases) {
    try {
      generate(bases);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::needs_restart);
      return error.message();
    }
    return "none";
  }

  policy::Policy policy_;
  decltype(GenerateRequest::edited_appup) edited_;

 private:
  release::ReleaseTree load(const std::string& version) {
    return release::load_release(release::resolve_reference(files_, "/" + version), {});
  }

  support::MemoryFileSystem files_;
};

TEST_F(SeveralBasesTest, OneThatOnlyARestartWouldUpgradeIsRefusedInAnyOrder) {
  write({"1.0", {shop("1", {"1/till"})}});
  write({"2.0", {shop("2", {"2/till"})}});
  write({"9.0", {shop("2", {"2/till"})}});
  write({"3.0", {shop("1", {"1/till"})}});
  write_file("/2.0/releases/2.0/vm.args", "-smp");
  const std::string expected = "this cannot be done hot between 2.0 and 9.0: vm.args is gone";
  EXPECT_EQ(refusal({"1.0", "2.0", "3.0"}), expected);
  EXPECT_EQ(refusal({"2.0", "1.0", "3.0"}), expected);
  EXPECT_EQ(refusal({"3.0", "1.0", "2.0"}), expected);
  EXPECT_EQ(refusal({"2.0"}), "this cannot be done hot: vm.args is gone");
  EXPECT_EQ(refusal({"1.0", "3.0"}), "none");
}

TEST_F(SeveralBasesTest, TheReasonToRestartTheEmulatorIsThatOfTheLowestVersion) {
  SampleRelease first{"1.9", {shop("1", {"1/till"})}};
  first.erts = "12.0";
  write(first);
  write({"1.10", {shop("1", {"1/till"})}});
  SampleRelease target{"9.0", {shop("2", {"2/till"})}};
  target.erts = "14.0";
  write(target);
  const std::string expected =
      "this cannot be done hot between 1.9 and 9.0: ERTS changes from 12.0 to 14.0";
  EXPECT_EQ(refusal({"1.9", "1.10"}), expected);
  EXPECT_EQ(refusal({"1.10", "1.9"}), expected);
  policy_ = policy::read_policy("relup.yaml", "emulator: restart").policy;
  EXPECT_THAT(messages_of(generate({"1.10", "1.9"})),
              AllOf(Contains("the emulator is restarted between 1.9 and 9.0: "
                             "ERTS changes from 12.0 to 14.0"),
                    Contains("the emulator is restarted between 1.10 and 9.0: "
                             "ERTS changes from 13.1.5 to 14.0")));
}

TEST_F(SeveralBasesTest, OnlyTheEntryThatNeedsItRestartsTheApplication) {
  write({"1.0", {shop("1", {"1/till"})}});
  write({"2.0", {shop("2", {"2/till"})}});
  write({"9.0", {shop("9", {"3/till"})}});
  write_file("/1.0/lib/shop-1/priv/shop.so", "old");
  write_file("/2.0/lib/shop-2/priv/shop.so", "new");
  write_file("/9.0/lib/shop-9/priv/shop.so", "new");
  const Generated generated = generate_in_any_order({"1.0", "2.0"});
  EXPECT_THAT(messages_of(generated),
              ElementsAre("shop is restarted between 1 and 9: priv/shop.so changed"));
  ASSERT_TRUE(generated.relup);
  const Generated alone = generate({"2.0"});
  ASSERT_TRUE(alone.relup);
  EXPECT_THAT(alone.diagnostics, IsEmpty());
  EXPECT_EQ(script_for(generated.relup->up, "2.0"), script_for(alone.relup->up, "2.0"));
  EXPECT_EQ(script_for(generated.relup->down, "2.0"), script_for(alone.relup->down, "2.0"));
  EXPECT_THAT(script_for(generated.relup->up, "1.0"), HasSubstr("{application,stop,[shop]}"));
}

TEST_F(SeveralBasesTest, AReasonThatAllShareIsSaidOnce) {
  write({"1.0", {shop("1", {"1/till"})}});
  write({"2.0", {shop("2", {"2/till"})}});
  write({"9.0", {shop("9", {"3/till"})}});
  policy_ = policy::read_policy("relup.yaml", "applications: {shop: {change: restart}}\n").policy;
  EXPECT_THAT(messages_of(generate_in_any_order({"1.0", "2.0"})),
              ElementsAre("shop is restarted: relup.yaml says so"));
}

// One version, built twice: the entry for it serves both.
TEST_F(SeveralBasesTest, TheStateOfEveryBaseIsLookedAt) {
  write({"1.0", {shop("1", {"wide/srv"})}});
  write({"2.0", {shop("1", {"narrow/srv"})}});
  write({"9.0", {shop("9", {"new/srv"})}});
  const Generated generated = generate_in_any_order({"1.0", "2.0"});
  EXPECT_FALSE(generated.relup);
  EXPECT_THAT(messages_of(generated),
              Contains(HasSubstr("the state of srv (record state) has the new field since")));
}

TEST_F(SeveralBasesTest, TheChildrenOfEveryBaseAreLookedAt) {
  write({"1.0", {shop("1", {"clerk/boss"})}});
  write({"2.0", {shop("1", {"none/boss"})}});
  write({"9.0", {shop("9", {"new/boss"})}});
  EXPECT_THAT(messages_of(generate_in_any_order({"1.0", "2.0"})),
              Contains("boss lists other children: new clerk"));
}

TEST_F(SeveralBasesTest, AnEntryThatCannotServeAllItsBasesIsReported) {
  write({"1.0", {shop("1", {"1/till"})}});
  write({"2.0", {shop("1", {"1/till", "x/extra"})}});
  write({"9.0", {shop("9", {"2/till"})}});
  const Generated generated = generate_in_any_order({"1.0", "2.0"});
  EXPECT_THAT(messages_of(generated),
              ElementsAre("releases 1.0 and 2.0 both have shop 1, but need different instructions "
                          "to leave it; the entry has those of 1.0"));
  EXPECT_THAT(generated.appups.at(0).text, Not(HasSubstr("extra")));
}

TEST_F(SeveralBasesTest, AnEditedAppupIsHeldAgainstEveryBase) {
  write({"1.0", {shop("1", {"1/till"})}});
  write({"2.0", {shop("1", {"1/till", "x/extra"})}});
  write({"9.0", {shop("9", {"2/till"})}});
  edited_ = [](const release::TreeApplication&) {
    return EditedAppup{"my.appup", "{\"9\", [{\"1\", [{load_module, till}]}], [{\"1\", []}]}."};
  };
  EXPECT_THAT(messages_of(generate_in_any_order({"1.0", "2.0"})),
              Contains("the way up from \"1\" has no instruction for extra, which is removed"));
}

TEST_F(SeveralBasesTest, TheSameFaultAtTwoPlacesIsTwoFaults) {
  write({"1.0", {shop("1", {"1/till"})}});
  write({"2.0", {shop("2", {"2/till"})}});
  write({"9.0", {shop("9", {"3/till"})}});
  edited_ = [](const release::TreeApplication&) {
    return EditedAppup{"my.appup",
                       "{\"9\", [{\"1\", [what]}, {\"2\", [what]}], [{\"1\", []}, {\"2\", []}]}."};
  };
  std::vector<std::uint32_t> places;
  for (const Diagnostic& finding : generate({"1.0", "2.0"}).diagnostics) {
    if (finding.rule == "bad-instruction") places.push_back(finding.span.begin);
  }
  EXPECT_EQ(places.size(), 2U);
}

TEST_F(SeveralBasesTest, AWishThatIsNoInstructionIsReportedOnce) {
  write({"1.0", {shop("1", {"1/till"})}});
  write({"2.0", {shop("2", {"2/till"})}});
  write({"9.0", {shop("9", {"3/till"})}});
  policy_ = policy::read_policy("relup.yaml", "instructions:\n  - {at: last, up: \"{aply, x}\"}\n")
                .policy;
  const Generated generated = generate_in_any_order({"1.0", "2.0"});
  EXPECT_FALSE(generated.relup);
  EXPECT_EQ(generated.diagnostics.size(), 1U);
}

}  // namespace
}  // namespace relup::generate
