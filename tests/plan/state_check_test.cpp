// SPDX-License-Identifier: Apache-2.0
//
// A state whose shape changes, and what the code_change beside it makes of that.
#include "plan/state_check.hpp"

#include <gmock/gmock.h>

#include "plan/planned_upgrade.hpp"
#include "support/compiled_modules.hpp"
#include "term/printer.hpp"

namespace relup::plan {
namespace {

struct StateCase {
  const char* name;
  const char* fields;       // of the new record; the old one has `total`
  const char* code_change;  // of the new module
  const char* finding;      // "" for none
  const char* instruction;
};

constexpr const char* update =
    "{update,till,dynamic,default,{advanced,[]},soft_purge,soft_purge,[]}";
constexpr const char* load = "{load_module,till,soft_purge,soft_purge,[]}";

const std::vector<StateCase>& cases() {
  static const std::vector<StateCase> all{
      {"same_shape", "total", "code_change(_, S, _) -> {ok, S}.", "", load},
      {"same_shape_and_work", "total", "code_change(_, S, _) -> {ok, S#till{total = 1}}.", "",
       update},
      {"same_shape_without", "total", "", "", load},
      {"migrated", "total, since", "code_change(_, {till, T}, _) -> {ok, #till{total = T}}.", "",
       update},
      {"migrated_elsewhere", "total, since",
       "code_change(V, S, _) -> {ok, till_states:change(V, S)}.", "", update},
      {"kept", "total, since", "code_change(_, S, _) -> {ok, S}.",
       "the state of till (record till) has the new field since, but its code_change returns the "
       "state as it was",
       update},
      {"missing", "total, since, names", "",
       "the state of till (record till) has the new fields since, names, but the new module "
       "exports no code_change",
       load},
      {"blind", "total, since", "code_change(_, S, _) when S =/= 1 -> {ok, {S}}.",
       "the state of till (record till) has the new field since, but its code_change knows nothing "
       "of that",
       update},
      {"renamed_field", "sum", "code_change(_, S, _) -> {ok, S}.",
       "the state of till (record till) has the new field sum, and no longer total, but its "
       "code_change returns the state as it was",
       update},
  };
  return all;
}

std::string source(const std::string& label, const std::string& fields,
                   const std::string& code_change) {
  const std::string exported = code_change.empty() ? "" : ", code_change/3";
  return "-module(till).\n-behaviour(gen_server).\n-compile(debug_info).\n"
         "-export([init/1, handle_call/3, handle_cast/2" +
         exported +
         "]).\n"
         "-record(till, {" +
         fields +
         "}).\n"
         "init(_) -> {ok, #till{}}.\n"
         "handle_call(_, _, S) -> {reply, S#till{}, S}.\n"
         "handle_cast(_, S) -> {noreply, {" +
         label + ", S}}.\n" + code_change + "\n";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = [] {
    support::ModuleSources sources{
        {"old/till", source("old", "total", "code_change(_, S, _) -> {ok, S}.")}};
    for (const StateCase& test : cases())
      sources[std::string(test.name) + "/till"] = source("new", test.fields, test.code_change);
    return support::compile_modules(sources);
  }();
  return modules;
}

support::SampleRelease release_with(const std::string& version, const std::string& variant) {
  return {version, {{"shop", version, {{"till", compiled().at(variant + "/till")}}}}};
}

class StateCheck : public ::testing::TestWithParam<StateCase> {};

TEST_P(StateCheck, HoldsCodeChangeAgainstTheShapes) {
  const StateCase& test = GetParam();
  const PlannedUpgrade upgrade(release_with("1", "old"), release_with("2", test.name));
  const Diagnostics findings =
      check_states(upgrade.diff().applications.back(), "/new/lib/shop-2/ebin");
  EXPECT_EQ(findings.empty() ? "" : findings.front().message, test.finding);
  if (!findings.empty()) {
    EXPECT_EQ(findings.front().file, "/new/lib/shop-2/ebin/till.beam");
  }
  const PlannedScripts scripts = upgrade.scripts("shop");
  ASSERT_EQ(scripts.up.size(), 1U);
  EXPECT_EQ(print(appup::to_term(scripts.up.front())), test.instruction);
}

INSTANTIATE_TEST_SUITE_P(All, StateCheck, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace relup::plan
