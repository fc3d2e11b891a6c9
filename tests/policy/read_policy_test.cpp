// SPDX-License-Identifier: Apache-2.0
//
// What is right: a file with every key, files with next to none, and both by the JSON Schema.

#include "policy/read_policy.hpp"

#include <gmock/gmock.h>

#include "base/file_system.hpp"
#include "policy/yaml_as_json.hpp"
#include "support/json_schema.hpp"
#include "term/printer.hpp"

namespace relup::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> messages(const Diagnostics& diagnostics) {
  std::vector<std::string> all;
  for (const Diagnostic& diagnostic : diagnostics)
    all.push_back(diagnostic.message);
  return all;
}

Policy read(const std::string& text) {
  const ReadPolicy result = read_policy("relup.yaml", text);
  EXPECT_THAT(messages(result.diagnostics), IsEmpty()) << text;
  return result.policy;
}

std::string full_text() {
  return real_file_system().read(RELUP_TESTDATA "/policy/full.yaml");
}

std::vector<std::string> printed(const std::vector<Term>& terms) {
  std::vector<std::string> all;
  for (const Term& term : terms)
    all.push_back(print(term));
  return all;
}

TEST(ReadPolicy, HasTheWishesOfTheRelease) {
  const Policy policy = read(full_text());
  EXPECT_EQ(policy.emulator_restart(), EmulatorRestart::refuse);
  EXPECT_EQ(policy.severity("state-change", Severity::error), Severity::warning);
  EXPECT_EQ(policy.severity("missing-code-change", Severity::error), std::nullopt);
  EXPECT_EQ(policy.module(Atom("till"), Atom("shop_gen_a")).change, ModuleChangeType::leave);
}

TEST(ReadPolicy, HasTheWishesOfApplicationsAndModules) {
  const Policy policy = read(full_text());
  const ModuleWish server = policy.module(Atom("shop"), Atom("shop_server"));
  EXPECT_EQ(server.purge, (PurgePair{PurgeMethod::soft, PurgeMethod::brutal}));
  EXPECT_EQ(print(server.suspend_timeout), "50");
  EXPECT_EQ(print(*server.extra), R"({from,"${from}"})");
  EXPECT_EQ(server.change, ModuleChangeType::update);
  EXPECT_EQ(print(policy.module(Atom("till"), Atom("till")).suspend_timeout), "infinity");
  EXPECT_EQ(policy.module(Atom("shop"), Atom("cart_test")).change, ModuleChangeType::leave);
  EXPECT_EQ(policy.supervision(Atom("shop")), Supervision::generate);
  EXPECT_TRUE(policy.restarts(Atom("legacy")));
  EXPECT_THAT(policy.deployed(Atom("shop")), ElementsAre("2.9.3", "2.10"));
  EXPECT_THAT(policy.deployed(Atom("legacy")), IsEmpty());
}

TEST(ReadPolicy, HasTheInstructionsOfTheRelease) {
  const Policy policy = read(full_text());
  ASSERT_EQ(policy.insertions().size(), 2U);
  const Insertion& check = policy.insertions()[0];
  EXPECT_EQ(check.place, Insertion::Place::check);
  EXPECT_EQ(check.module, std::nullopt);
  EXPECT_THAT(printed(check.up), ElementsAre(R"({apply,{shop_hooks,before,["${from}","${to}"]}})"));
  EXPECT_THAT(printed(check.down), ElementsAre("{apply,{shop_hooks,undo,[]}}"));
  const Insertion& last = policy.insertions()[1];
  EXPECT_EQ(last.place, Insertion::Place::last);
  EXPECT_THAT(printed(last.up), ElementsAre(R"({apply,{shop_hooks,after_all,[<<"${to}">>]}})",
                                            "{apply,{shop_hooks,report,[]}}"));
  EXPECT_THAT(last.down, IsEmpty());
}

TEST(ReadPolicy, HasTheInstructionsOfAnApplication) {
  const std::vector<Insertion> shop = read(full_text()).insertions(Atom("shop"));
  ASSERT_EQ(shop.size(), 3U);
  EXPECT_EQ(shop[0].place, Insertion::Place::first);
  EXPECT_EQ(shop[1].place, Insertion::Place::before);
  EXPECT_EQ(shop[1].module, Atom("shop_listener"));
  EXPECT_EQ(shop[2].place, Insertion::Place::after);
}

TEST(ReadPolicy, HasWhatBecomesOfClients) {
  const Quiesce quiesce = read(full_text()).quiesce();
  EXPECT_THAT(printed(quiesce.listeners), ElementsAre("http", "{shop,ws}"));
  EXPECT_EQ(quiesce.connections, Quiesce::Connections::suspend);
  EXPECT_EQ(quiesce.connection_timeout.count(), 2000);
  EXPECT_EQ(quiesce.drain_requests.count(), 0);
  EXPECT_THAT(quiesce.upgrade_modules, ElementsAre(Atom("shop_upgrade")));
  EXPECT_TRUE(quiesce.is_wished());
}

TEST(ReadPolicy, LeavesClientsAloneByItself) {
  for (const char* text : {"", "quiesce:", "quiesce: {listeners: , upgrade_modules: }"})
    EXPECT_FALSE(read(text).quiesce().is_wished()) << text;
  const Quiesce quiesce = read("quiesce: {listeners: http, connections: leave}").quiesce();
  EXPECT_THAT(printed(quiesce.listeners), ElementsAre("http"));
  EXPECT_EQ(quiesce.connections, Quiesce::Connections::leave);
  EXPECT_EQ(quiesce.connection_timeout.count(), 5000);
  EXPECT_EQ(quiesce.drain_requests.count(), 10000);
}

// The text of relup.yaml that a term knows as its place.
std::string_view place(const Term& term, const Insertion& insertion) {
  return insertion.source->text(term.span());
}

TEST(ReadPolicy, KnowsWhereInstructionsAndTheirPartsStand) {
  const Policy policy = read(full_text());
  const Insertion& check = policy.insertions()[0];
  EXPECT_EQ(check.source->position(check.span.begin).line, 12U);
  EXPECT_EQ(place(check.down[0], check), "{apply, {shop_hooks, undo, []}}");
  const Term call = (*check.up[0].as_tuple())[1];
  EXPECT_EQ(place((*call.as_tuple())[1], check), "before");
  EXPECT_EQ(place((*call.as_tuple())[2], check), R"([\"${from}\", \"${to}\"])");
  const Insertion& last = policy.insertions()[1];
  EXPECT_EQ(place(last.up[1], last), "{apply, {shop_hooks, report, []}}");
}

TEST(ReadPolicy, TakesTextsWithoutAnyWish) {
  for (const char* text : {"", "\n", "# nothing", "---", "---\n...\n", "{}", "version: 1", "~",
                           "\xEF\xBB\xBF# nothing", "applications:", "applications: {shop: }",
                           "applications: {shop: {modules: {m: }}}", "leave_alone:", "findings:"})
    EXPECT_EQ(read(text).module(Atom("a"), Atom("m")).change, std::nullopt) << text;
}

TEST(ReadPolicy, TakesWindowsLineBreaksAndAByteOrderMark) {
  const Policy policy = read("\xEF\xBB\xBFinstructions:\r\n- at: last\r\n  up: '{a, b}'\r\n");
  const Insertion& insertion = policy.insertions().at(0);
  EXPECT_EQ(place(insertion.up.at(0), insertion), "{a, b}");
}

TEST(ReadPolicy, TakesAnchorsAndAliases) {
  const Policy policy = read(
      "applications:\n"
      "  shop: &careful {purge: {before: brutal}, modules: {m: &m {change: load}}}\n"
      "  till: *careful\n"
      "  cart: {modules: {n: *m}}\n");
  EXPECT_EQ(policy.module(Atom("till"), Atom("x")).purge.before, PurgeMethod::brutal);
  EXPECT_EQ(policy.module(Atom("cart"), Atom("n")).change, ModuleChangeType::load);
}

TEST(ReadPolicy, TakesTermsInEveryKindOfScalar) {
  const Policy policy = read(
      "instructions:\n"
      "- {at: last, up: point_of_no_return}\n"
      "- {at: last, up: 'a.'}\n"
      "- {at: last, up: \"a % why\"}\n"
      "- {at: last, up: [a, \"[b, c]\"]}\n"
      "- at: last\n"
      "  up: >\n"
      "    {a,\n"
      "     b}\n"
      "- {at: last, up: '[]', down: '\"text\"'}\n");
  std::vector<std::string> all;
  for (const Insertion& insertion : policy.insertions()) {
    for (const std::string& term : printed(insertion.up))
      all.push_back(term);
  }
  EXPECT_THAT(all, ElementsAre("point_of_no_return", "a", "a", "a", "b", "c", "{a,b}"));
  EXPECT_THAT(printed(policy.insertions().back().down), ElementsAre("\"text\""));
}

TEST(PolicySchema, TakesWhatTheReaderTakes) {
  for (const std::string& text :
       {full_text(), std::string(), std::string("version: 1"), std::string("purge: {}"),
        std::string("applications: {'*': {modules: {m: }}}"), std::string("leave_alone:"),
        std::string("instructions: [{at: first, down: a}]"),
        std::string("suspend_timeout: 4294967295"), std::string("quiesce:"),
        std::string("quiesce: {listeners: , upgrade_modules: }"),
        std::string("quiesce: {listeners: http, drain_requests: 3600000}"),
        std::string("applications: {a: {modules: {m: {extra: 5}}}}")}) {
    read(text);
    EXPECT_THAT(support::schema_faults("policy.schema.json", yaml_as_json(text)), IsEmpty())
        << text;
  }
}

}  // namespace
}  // namespace relup::policy
