// SPDX-License-Identifier: Apache-2.0
//
// Which of several wishes counts.

#include "policy/policy.hpp"

#include <gmock/gmock.h>

#include "policy/read_policy.hpp"
#include "term/printer.hpp"

namespace relup::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Atom shop("shop");
const Atom server("shop_server");
constexpr PurgePair soft{PurgeMethod::soft, PurgeMethod::soft};
constexpr PurgePair brutal{PurgeMethod::brutal, PurgeMethod::brutal};

Policy policy(const std::string& text) {
  const ReadPolicy read = read_policy("relup.yaml", text);
  EXPECT_THAT(read.diagnostics, IsEmpty()) << text;
  return read.policy;
}

ModuleWish wish(const std::string& text) {
  return policy(text).module(shop, server);
}

TEST(Policy, IsCarefulWithoutWishes) {
  const Policy none;
  const ModuleWish module = none.module(shop, server);
  EXPECT_EQ(module.purge, soft);
  EXPECT_EQ(print(module.suspend_timeout), "default");
  EXPECT_EQ(module.extra, std::nullopt);
  EXPECT_EQ(module.change, std::nullopt);
  EXPECT_EQ(none.supervision(shop), Supervision::report);
  EXPECT_FALSE(none.restarts(shop));
  EXPECT_EQ(none.emulator_restart(), EmulatorRestart::refuse);
  EXPECT_THAT(none.insertions(), IsEmpty());
  EXPECT_THAT(none.insertions(shop), IsEmpty());
  EXPECT_EQ(none.severity("state-change", Severity::note), Severity::note);
}

TEST(Policy, OfTheReleaseHoldsEverywhere) {
  EXPECT_EQ(wish("purge: brutal").purge, brutal);
  EXPECT_EQ(print(wish("suspend_timeout: 50").suspend_timeout), "50");
  EXPECT_EQ(wish("leave_alone: [shop_*]").change, ModuleChangeType::leave);
  EXPECT_EQ(wish("leave_alone: [cart_*]").change, std::nullopt);
  EXPECT_EQ(policy("supervision: generate").supervision(shop), Supervision::generate);
}

TEST(Policy, OfAnApplicationComesBeforeThatOfTheRelease) {
  const std::string text = "purge: brutal\nsupervision: generate\napplications: {shop: ";
  EXPECT_EQ(wish(text + "{purge: soft}}").purge, soft);
  EXPECT_EQ(wish(text + "{}}").purge, brutal);
  EXPECT_EQ(policy(text + "{supervision: report}}").supervision(shop), Supervision::report);
  EXPECT_EQ(policy(text + "{supervision: report}}").supervision(Atom("till")),
            Supervision::generate);
}

TEST(Policy, OfAModuleComesBeforeThatOfItsApplication) {
  EXPECT_EQ(
      wish("applications: {shop: {modules: {shop_server: {purge: soft}}, purge: brutal}}").purge,
      soft);
  EXPECT_EQ(wish("applications: {shop: {modules: {shop_server: {change: load}}, "
                 "leave_alone: ['*']}}")
                .change,
            ModuleChangeType::load);
  // Also where another entry for the application stands after it.
  EXPECT_EQ(wish("applications: {shop: {modules: {shop_server: {purge: soft}}}, "
                 "'*': {purge: brutal}}")
                .purge,
            soft);
}

TEST(Policy, ThatStandsLaterCountsAmongEquals) {
  EXPECT_EQ(wish("applications: {'*': {purge: brutal}, shop: {purge: soft}}").purge, soft);
  EXPECT_EQ(wish("applications: {shop: {purge: soft}, '*': {purge: brutal}}").purge, brutal);
  EXPECT_EQ(wish("applications: {shop: {modules: {'*': {change: load}, "
                 "shop_server: {change: update}}}}")
                .change,
            ModuleChangeType::update);
}

TEST(Policy, FillsInWhatAMoreSpecialOneDoesNotSay) {
  const ModuleWish module = wish(
      "purge: brutal\n"
      "suspend_timeout: 1000\n"
      "applications: {shop: {modules: {shop_server: {purge: {after: soft}, extra: '[]'}}}}");
  EXPECT_EQ(module.purge, (PurgePair{PurgeMethod::brutal, PurgeMethod::soft}));
  EXPECT_EQ(print(module.suspend_timeout), "1000");
  EXPECT_EQ(print(*module.extra), "[]");
}

TEST(Policy, ConcernsOnlyWhatMatches) {
  const std::string text =
      "applications: {'sho*': {change: restart, instructions: [{at: last, up: a}]},"
      " shop: {instructions: [{at: first, up: b}]}}";
  EXPECT_TRUE(policy(text).restarts(shop));
  EXPECT_FALSE(policy(text).restarts(Atom("till")));
  std::vector<std::string> up;
  for (const Insertion& insertion : policy(text).insertions(shop))
    up.push_back(print(insertion.up.at(0)));
  EXPECT_THAT(up, ElementsAre("a", "b"));
  EXPECT_THAT(policy(text).insertions(Atom("till")), IsEmpty());
}

TEST(Policy, SaysHowSevereAFindingIs) {
  const Policy some = policy("findings: {state-change: note, weak-check: off}");
  EXPECT_EQ(some.severity("state-change", Severity::error), Severity::note);
  EXPECT_EQ(some.severity("weak-check", Severity::error), std::nullopt);
  EXPECT_EQ(some.severity("other", Severity::error), Severity::error);
  const Policy by_code = policy("findings: {state-change: note, RU502: off, RU003: warning}");
  EXPECT_EQ(by_code.severity("bad-instruction", Severity::error, "RU003"), Severity::warning);
  EXPECT_EQ(by_code.severity("state-change", Severity::error, "RU502"), std::nullopt);
  EXPECT_EQ(by_code.severity("other", Severity::error, "RU999"), Severity::error);
}

}  // namespace
}  // namespace relup::policy
