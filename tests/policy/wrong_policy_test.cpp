// SPDX-License-Identifier: Apache-2.0
//
// What is wrong in a relup.yaml: where and how the reader says so, and that the JSON Schema, which
// editors go by, refuses it too where a schema can see it.

#include <gmock/gmock.h>

#include "base/diagnostic_text.hpp"
#include "base/file_system.hpp"
#include "policy/read_policy.hpp"
#include "policy/yaml_as_json.hpp"
#include "support/golden.hpp"
#include "support/json_schema.hpp"

namespace relup::policy {
namespace {

using Faults = std::vector<std::string>;

enum class Schema { refuses, cannot_see };

struct Case {
  std::string name;
  std::string text;
  Faults faults;  // "line:column message; note"
  Schema schema = Schema::refuses;
};

// Instructions of the release and of an application, in the third column of the second line.
std::string of_release(const std::string& entry) {
  return "instructions:\n- " + entry;
}
std::string of_application(const std::string& entry) {
  return "applications: {shop: {instructions: [\n  " + entry + "]}}";
}
// A wish for a module, in the third column of the second line.
std::string of_module(const std::string& wish) {
  return "applications: {shop: {modules: {m: {\n  " + wish + "}}}}";
}

const std::vector<Case> documents{
    {.name = "IsNoYaml",
     .text = "purge: soft: brutal",
     .faults = {"1:12 not YAML: illegal map value"},
     .schema = Schema::cannot_see},
    {.name = "IsCutOff",
     .text = "leave_alone: [a, b",
     .faults = {"1:19 not YAML: end of sequence flow not found"},
     .schema = Schema::cannot_see},
    {.name = "IsIndentedWithTabs",
     .text = "leave_alone:\n\t- a",
     .faults = {"2:2 not YAML: illegal block entry; YAML is indented with spaces, never with tabs"},
     .schema = Schema::cannot_see},
    {.name = "HasAStarWithoutQuotes",
     .text = "leave_alone: [*_test]",
     .faults = {"1:15 not YAML: the referenced anchor is not defined; "
                "a name that begins with `*` stands in quotes"},
     .schema = Schema::cannot_see},
    {.name = "IsAList",
     .text = "- a\n- b",
     .faults = {"1:1 the document is a list; expected a map"}},
    {.name = "IsAWord", .text = "purge", .faults = {"1:1 the document is `purge`; expected a map"}},
    {.name = "IsTwoDocuments",
     .text = "purge: soft\n---\npurge: soft\n",
     .faults = {"2:1 a second document; expected one document"},
     .schema = Schema::cannot_see},
    {.name = "HasAKeyThatIsNearlyRight",
     .text = "purg: soft",
     .faults = {"1:1 unknown key `purg`; did you mean `purge`?"}},
    {.name = "HasAnUnknownKey",
     .text = "purge: soft\nbrutality: none",
     .faults = {"2:1 unknown key `brutality`; the keys here are version, purge, suspend_timeout, "
                "supervision, emulator, leave_alone, findings, instructions, quiesce, host, "
                "applications"}},
    {.name = "HasAKeyTwice",
     .text = "purge: soft\n# so\npurge: brutal",
     .faults = {"3:1 the key `purge` stands here again; it stands in line 1 already"},
     .schema = Schema::cannot_see},
    {.name = "HasAKeyThatIsNoWord",
     .text = "? [a]\n: soft",
     .faults = {"1:3 this key is a list; expected a word"}},
    {.name = "HasSeveralFaults",
     .text = "emulator: stop\npurge: hard\n",
     .faults =
         {"1:11 `emulator` is `stop`; expected refuse or restart",
          "2:8 `purge` is `hard`; expected soft, brutal, or a map with `before` and `after`"}},
};

const std::vector<Case> values{
    {.name = "HasAnotherVersion",
     .text = "version: 2",
     .faults = {"1:10 `version` is `2`; expected 1, the only version there is"}},
    {.name = "HasAListForPurge",
     .text = "purge: [soft, brutal]",
     .faults =
         {"1:8 `purge` is a list; expected soft, brutal, or a map with `before` and `after`"}},
    {.name = "HasNothingForPurge",
     .text = "purge:",
     .faults = {"1:6 `purge` is empty; expected soft, brutal, or a map with `before` and `after`"}},
    {.name = "HasAnUnknownPurge",
     .text = "purge: {before: hard, behind: soft}",
     .faults = {"1:17 `before` is `hard`; expected soft or brutal",
                "1:23 unknown key `behind`; the keys here are before, after"}},
    {.name = "HasNoTimeAtAll",
     .text = "suspend_timeout: 0",
     .faults = {"1:18 `suspend_timeout` is `0`; "
                "expected default, infinity, or a plain number of milliseconds"}},
    {.name = "HasATimeInSeconds",
     .text = "suspend_timeout: 5s",
     .faults = {"1:18 `suspend_timeout` is `5s`; "
                "expected default, infinity, or a plain number of milliseconds"}},
    {.name = "HasATimeInQuotes",
     .text = "suspend_timeout: '5'",
     .faults = {"1:18 `suspend_timeout` is `5`; "
                "expected default, infinity, or a plain number of milliseconds"}},
    {.name = "HasATimeThatErlangCannotWait",
     .text = "suspend_timeout: 4294967296",
     .faults = {"1:18 `suspend_timeout` is `4294967296`; "
                "expected default, infinity, or a plain number of milliseconds"}},
    {.name = "HasAnUnknownSupervision",
     .text = "supervision: true",
     .faults = {"1:14 `supervision` is `true`; expected report or generate"}},
    {.name = "HasAWordForAList",
     .text = "leave_alone: m",
     .faults = {"1:14 `leave_alone` is `m`; expected a list of modules"}},
    {.name = "HasTwoNamesInOne",
     .text = "leave_alone: ['a, b']",
     .faults = {"1:15 a module is `a, b`; expected a name, or a pattern with `*`"}},
    {.name = "HasNoNameOfAModule",
     .text = "applications: {shop: {modules: {a/b: {}}}}",
     .faults = {"1:33 a module is `a/b`; expected a name, or a pattern with `*`"}},
    {.name = "HasNoNameOfAnApplication",
     .text = "applications: {'': {}}",
     .faults = {"1:16 an application is ``; expected a name, or a pattern with `*`"}},
    {.name = "HasAnUnknownSeverity",
     .text = "findings:\n  state-change: no",
     .faults = {"2:17 `state-change` is `no`; expected error, warning, note or off"}},
    {.name = "HasNoNameOfARule",
     .text = "findings: {State_Change: off}",
     .faults = {"1:12 a finding is `State_Change`; "
                "expected the name of a rule, such as state-change, or its code, such as RU201"}},
    {.name = "HasAnUnknownChangeOfAnApplication",
     .text = "applications: {shop: {change: update}}",
     .faults = {"1:31 `change` is `update`; expected restart"}},
    {.name = "HasAnUnknownChangeOfAModule",
     .text = of_module("change: restart"),
     .faults = {"2:11 `change` is `restart`; "
                "expected load, update, soft, supervisor or leave"}},
    {.name = "HasAKeyOfAnApplicationAtAModule",
     .text = of_module("supervision: report"),
     .faults = {"2:3 unknown key `supervision`; "
                "the keys here are purge, suspend_timeout, extra, change"}},
    {.name = "HasAWordForAnApplication",
     .text = "applications: {shop: restart}",
     .faults = {"1:22 `shop` is `restart`; expected a map"}},
};

const std::vector<Case> terms{
    {.name = "HasATermWithAWrongBracket",
     .text = of_module("extra: '{a, [b}'"),
     .faults = {"2:17 no Erlang term in `extra`: unexpected `'}'`; expected `,` or `]`"},
     .schema = Schema::cannot_see},
    {.name = "HasATermThatEndsTooEarly",
     .text = of_module("extra: '{a, b'"),
     .faults = {"2:10 no Erlang term in `extra`: the term ends too early; expected `,` or `}`"},
     .schema = Schema::cannot_see},
    {.name = "HasAnOpenString",
     .text = of_module(R"(extra: "{a, \"b}")"),
     .faults =
         {"2:16 no Erlang term in `extra`: a string that does not end; expected a closing \""},
     .schema = Schema::cannot_see},
    {.name = "HasAVariable",
     .text = of_module("extra: \"{a,\\n B}\""),
     .faults = {"2:10 no Erlang term in `extra`: not a literal term; "
                "expected atoms, numbers, strings, tuples, lists, maps"},
     .schema = Schema::cannot_see},
    {.name = "HasAFaultInABlock",
     .text = "instructions:\n- at: last\n  up: |\n    [{a},\n     {b c}]\n",
     .faults = {"5:9 no Erlang term in `up`: unexpected `c`; expected `,` or `}`"},
     .schema = Schema::cannot_see},
    {.name = "HasNoTermInAString",
     .text = of_module("extra: ''"),
     .faults = {"2:10 `extra` holds 0 Erlang terms; expected one"},
     .schema = Schema::cannot_see},
    {.name = "HasTwoTermsInAString",
     .text = of_module("extra: 'a. b.'"),
     .faults = {"2:10 `extra` holds 2 Erlang terms; expected one"},
     .schema = Schema::cannot_see},
    {.name = "HasATermWithoutQuotes",
     .text = of_module("extra: {from, 1}"),
     .faults = {"2:10 `extra` is a map; expected an Erlang term in quotes"}},
    {.name = "HasAListWithoutQuotes",
     .text = of_module("extra: []"),
     .faults = {"2:10 `extra` is a list; expected an Erlang term in quotes"}},
};

const std::vector<Case> instructions{
    {.name = "HasInstructionsThatAreNoList",
     .text = "instructions: {at: last, up: a}",
     .faults = {"1:15 `instructions` is a map; "
                "expected a list of maps with `at`, `up` and `down`"}},
    {.name = "HasAnEntryThatIsNoMap",
     .text = of_release("last"),
     .faults = {"2:3 an entry of `instructions` is `last`; "
                "expected a map with `at`, `up` and `down`"}},
    {.name = "HasNoPlace",
     .text = of_release("up: a"),
     .faults = {"2:3 these instructions have no place; expected `at`"}},
    {.name = "HasNoPlaceInAnApplication",
     .text = of_application("{up: a}"),
     .faults = {"2:3 these instructions have no place; "
                "expected one of `at`, `before` and `after`"}},
    {.name = "HasTwoPlaces",
     .text = of_application("{at: first, before: m, up: a}"),
     .faults = {"2:3 these instructions have 2 places; "
                "expected one of `at`, `before` and `after`"}},
    {.name = "HasNoInstructions",
     .text = of_release("at: first"),
     .faults = {"2:3 an entry without instructions; expected `up`, `down` or both"}},
    {.name = "HasNothingForUp",
     .text = of_release("{at: first, up: }"),
     .faults = {"2:17 `up` is empty; expected an Erlang term in quotes, or a list of such"}},
    {.name = "HasATupleWithoutQuotes",
     .text = of_release("{at: first, up: {apply, {m, f, []}}}"),
     .faults = {"2:19 `up` is a map; expected an Erlang term in quotes, or a list of such"}},
    {.name = "HasAListOfTuplesWithoutQuotes",
     .text = of_release("{at: first, up: [{apply, {m, f, []}}]}"),
     .faults = {"2:20 `up` is a map; expected an Erlang term in quotes"}},
    {.name = "HasACheckInAnApplication",
     .text = of_application("{at: check, up: a}"),
     .faults = {"2:8 `at` is `check`; expected first or last"}},
    {.name = "HasAPlaceBesideAModuleInTheRelease",
     .text = of_release("{at: last, before: m, up: a}"),
     .faults = {"2:14 unknown key `before`; the keys here are at, up, down"}},
    {.name = "HasAPatternForAPlace",
     .text = of_application("{after: 'm*', up: a}"),
     .faults = {"2:11 `after` is `m*`; expected the name of one module, without `*`"}},
};

const std::vector<Case> quiesce{
    {.name = "HasAQuiesceThatIsNoMap",
     .text = "quiesce: [http]",
     .faults = {"1:10 `quiesce` is a list; expected a map"}},
    {.name = "HasAKeyOfQuiesceThatIsNearlyRight",
     .text = "quiesce: {listener: http}",
     .faults = {"1:11 unknown key `listener`; did you mean `listeners`?"}},
    {.name = "HasAListenerThatIsNoTerm",
     .text = "quiesce:\n  listeners: [http, \"{shop, ws\"]",
     .faults = {"2:21 no Erlang term in `listeners`: the term ends too early; "
                "expected `,` or `}`"},
     .schema = Schema::cannot_see},
    {.name = "HasAListenerWithoutQuotes",
     .text = "quiesce: {listeners: [{shop, ws}]}",
     .faults = {"1:23 `listeners` is a map; expected an Erlang term in quotes"}},
    {.name = "HasUnknownConnections",
     .text = "quiesce: {connections: close}",
     .faults = {"1:24 `connections` is `close`; expected suspend or leave"}},
    {.name = "HasNoTimeForConnections",
     .text = "quiesce: {connection_timeout: 0}",
     .faults = {"1:31 `connection_timeout` is `0`; "
                "expected a plain number of milliseconds, from 1 to 3600000"}},
    {.name = "HasATimeWithAUnit",
     .text = "quiesce: {drain_requests: 10s}",
     .faults = {"1:27 `drain_requests` is `10s`; "
                "expected a plain number of milliseconds, from 0 to 3600000"}},
    {.name = "HasATimeThatIsTooLong",
     .text = "quiesce: {drain_requests: 3600001}",
     .faults = {"1:27 `drain_requests` is `3600001`; "
                "expected a plain number of milliseconds, from 0 to 3600000"}},
    {.name = "HasOneUpgradeModuleThatIsNoList",
     .text = "quiesce: {upgrade_modules: shop_upgrade}",
     .faults = {"1:28 `upgrade_modules` is `shop_upgrade`; expected a list of modules"}},
    {.name = "HasAPatternForAnUpgradeModule",
     .text = "quiesce: {upgrade_modules: [\"shop_*\"]}",
     .faults = {"1:29 an upgrade module is `shop_*`; "
                "expected the name of one module, without `*`"}},
};

// The fault of `fault` as the table writes it.
std::string told(const Diagnostic& fault) {
  EXPECT_EQ(fault.rule, "policy");
  EXPECT_EQ(fault.severity, Severity::error);
  EXPECT_EQ(fault.file, "relup.yaml");
  const Position at = fault.source->position(fault.span.begin);
  std::string line =
      std::to_string(at.line) + ":" + std::to_string(at.column) + " " + fault.message;
  for (const std::string& note : fault.notes)
    line += "; " + note;
  return line;
}

// The document as an editor sees it; none where it is no YAML.
std::optional<nlohmann::json> seen_by_editor(const std::string& text) {
  try {
    return yaml_as_json(text);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

class WrongPolicy : public ::testing::TestWithParam<Case> {};

TEST_P(WrongPolicy, IsToldByTheReader) {
  Faults faults;
  for (const Diagnostic& fault : read_policy("relup.yaml", GetParam().text).diagnostics)
    faults.push_back(told(fault));
  EXPECT_EQ(faults, GetParam().faults) << GetParam().text;
}

TEST_P(WrongPolicy, IsRefusedByTheSchemaWhereItCanSee) {
  const auto document = seen_by_editor(GetParam().text);
  if (!document) return;
  const bool refused = !support::schema_faults("policy.schema.json", *document).empty();
  EXPECT_EQ(refused, GetParam().schema == Schema::refuses) << GetParam().text;
}

std::string name_of(const ::testing::TestParamInfo<Case>& test) {
  return test.param.name;
}
INSTANTIATE_TEST_SUITE_P(Document, WrongPolicy, ::testing::ValuesIn(documents), name_of);
INSTANTIATE_TEST_SUITE_P(Value, WrongPolicy, ::testing::ValuesIn(values), name_of);
INSTANTIATE_TEST_SUITE_P(Term, WrongPolicy, ::testing::ValuesIn(terms), name_of);
INSTANTIATE_TEST_SUITE_P(Instruction, WrongPolicy, ::testing::ValuesIn(instructions), name_of);

INSTANTIATE_TEST_SUITE_P(Quiesce, WrongPolicy, ::testing::ValuesIn(quiesce), name_of);

// As the user sees it.
TEST(WrongPolicies, AreShownWithTheirPlaces) {
  const std::string text = real_file_system().read(RELUP_TESTDATA "/policy/wrong.yaml");
  std::string shown;
  for (const Diagnostic& fault : read_policy("relup.yaml", text).diagnostics)
    shown += to_text(fault, TextStyle{});
  support::expect_golden("policy/wrong.txt", shown);
}

}  // namespace
}  // namespace relup::policy
