// SPDX-License-Identifier: Apache-2.0
//
// The documents that relup prints, held against schemas/; and the schemas against documents that
// are slightly wrong, so that a schema which takes anything is noticed.
#include <filesystem>
#include <set>

#include <gmock/gmock.h>

#include "cmd/workshop.hpp"
#include "support/json_schema.hpp"

namespace relup::cmd {
namespace {

using nlohmann::json;
using support::read_schema;
using support::schema_faults;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

json document_of(const Answer& answer) {
  return json::parse(answer.output, nullptr, false);
}

void expect_valid(const std::string& schema, const json& document) {
  EXPECT_THAT(schema_faults(schema, document), IsEmpty()) << document.dump(1);
}

class Document : public ::testing::Test {
 protected:
  Answer call(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--format", "json"});
    return workshop_.call(arguments);
  }
  Answer compile(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"compile", "new/releases/1.1.0/shop.rel", "--path",
                                       "new/lib/*/ebin", "old/lib/*/ebin"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call(arguments);
  }

  Workshop workshop_;
};

TEST_F(Document, Diff) {
  const Answer answer = call({"diff", "old", "new"});
  const json document = document_of(answer);
  expect_valid("diff.schema.json", document);
  EXPECT_THAT(answer.messages, IsEmpty());
  const json& shop = document["applications"].back();
  EXPECT_EQ(shop["name"], "shop");
  EXPECT_EQ(shop["status"], "upgraded");
  json told = json::object();
  for (const json& module : shop["modules"])
    told[module["name"].get<std::string>()] = module["status"];
  EXPECT_EQ(told, json({{"shop_legacy", "removed"},
                        {"shop_price", "changed"},
                        {"shop_same", "rebuilt"},
                        {"shop_server", "changed"},
                        {"shop_stats", "added"}}));
}

TEST_F(Document, DiffWithAFinding) {
  support::SampleRelease same = new_shop();
  same.applications[0].version = "1.0.0";
  same.applications.push_back({"till", "1"});
  support::write_release(real_file_system(), workshop_.path() + "/same", same);
  const json document = document_of(call({"diff", "old", "same"}));
  expect_valid("diff.schema.json", document);
  EXPECT_EQ(document["diagnostics"][0]["rule"], "same-version-changed-code");
  EXPECT_EQ(document["applications"].back()["from"], nullptr);
  expect_valid("diff.schema.json", document_of(call({"diff", "same", "old"})));
}

TEST_F(Document, Config) {
  workshop_.write("old/relup.yaml",
                  "host:\n  drain_timeout: 2m\n  probes:\n    commands: [a, b]\n");
  workshop_.write("mine.yaml", "host: {drain_timeout: 1m, signatures: required}\n");
  const Answer answer = call({"--config", "mine.yaml", "config", "--root", "old"});
  const json document = document_of(answer);
  expect_valid("config.schema.json", document);
  EXPECT_EQ(answer.status, 0);
  json told = json::object();
  for (const json& setting : document["settings"])
    told[setting["name"].get<std::string>()] = setting;
  const std::string in_root = document["root"].get<std::string>() + "/relup.yaml";
  EXPECT_EQ(document["files"], json({in_root, "mine.yaml"}));
  EXPECT_EQ(told["drain_timeout"]["value"], "2m");
  EXPECT_EQ(told["drain_timeout"]["origin"], json({{"file", in_root}, {"line", 2}}));
  EXPECT_EQ(told["signatures"]["origin"], json({{"file", "mine.yaml"}, {"line", 1}}));
  EXPECT_EQ(told["probes.commands"]["value"], json({"a", "b"}));
  EXPECT_EQ(told["hooks.before-install"]["value"], nullptr);
  EXPECT_EQ(told["hooks.timeout"]["origin"], json({{"file", nullptr}, {"line", nullptr}}));

  const Answer text =
      workshop_.call({"--config", "mine.yaml", "config", "--root", "old", "--origin"});
  EXPECT_THAT(text.output, HasSubstr("2m (" + in_root + ", line 2)"));
  EXPECT_THAT(text.output, HasSubstr("required (mine.yaml, line 1)"));
  EXPECT_THAT(text.output, HasSubstr("1m (default)"));
}

TEST_F(Document, ConfigThatIsWrong) {
  workshop_.write("mine.yaml", "host:\n  drain_timeout: soon\n");
  const Answer answer = call({"--config", "mine.yaml", "config"});
  const json document = document_of(answer);
  expect_valid("config.schema.json", document);
  EXPECT_EQ(answer.status, 2);
  EXPECT_EQ(document["exit"]["code"], 2);
  EXPECT_EQ(document["root"], nullptr);
  EXPECT_EQ(document["diagnostics"][0]["line"], 2);
  EXPECT_EQ(call({"--config", "nowhere.yaml", "config"}).status, 2);
}

TEST_F(Document, Generate) {
  const json first = document_of(call({"generate", "--from", "old", "--to", "new"}));
  expect_valid("generate.schema.json", first);
  ASSERT_EQ(first["files"].size(), 2U);
  EXPECT_EQ(first["files"][0]["up_to_date"], false);
  EXPECT_EQ(first["decisions"][0], json::parse(R"({
              "application": "shop", "from": "1.0.0", "to": "1.1.0", "direction": "up",
              "subject": "shop_stats",
              "instruction": "{load_module,shop_stats,soft_purge,soft_purge,[]}",
              "because": ["only 1.1.0 has it"]})"));
  const json second = document_of(call({"generate", "--from", "old", "--to", "new", "--check"}));
  EXPECT_EQ(second["files"][0]["up_to_date"], true);
  workshop_.write("new/lib/shop-1.1.0/ebin/shop.appup", "{oops}.");
  const Answer failed = call({"generate", "--from", "old", "--to", "new"});
  EXPECT_EQ(failed.status, 3);
  expect_valid("generate.schema.json", document_of(failed));
  EXPECT_EQ(document_of(failed)["diagnostics"][0]["rule"], "bad-appup");
}

TEST_F(Document, Fmt) {
  workshop_.write("apps/a.appup", "{\"2.0\",[],[]}.");
  workshop_.write("apps/b.appup", "{oops");
  const json document = document_of(call({"fmt", "apps", "--check"}));
  expect_valid("fmt.schema.json", document);
  EXPECT_EQ(document["files"], json::parse(R"([{"path": "apps/a.appup", "changed": true}])"));
  EXPECT_EQ(document["diagnostics"][0]["file"], "apps/b.appup");
}

TEST_F(Document, Compile) {
  call({"generate", "--from", "old", "--to", "new"});
  const json written = document_of(compile({"--from", "old/releases/1.0.0/shop.rel"}));
  expect_valid("compile.schema.json", written);
  EXPECT_EQ(written["relup"], "./relup");
  const json dry = document_of(compile({"--from", "old/releases/1.0.0/shop.rel", "--dry-run"}));
  expect_valid("compile.schema.json", dry);
  EXPECT_EQ(dry["relup"], nullptr);
}

TEST_F(Document, CompileWithAnErrorAndWithAWarning) {
  workshop_.write("new/lib/shop-1.1.0/ebin/shop.appup",
                  "{\"1.1.0\",\n [{\"1.0.0\", [nonsense]}], [{\"1.0.0\", []}]}.");
  const Answer failed = compile({"--from", "old/releases/1.0.0/shop.rel"});
  EXPECT_EQ(failed.status, 3);
  EXPECT_THAT(failed.messages, IsEmpty());
  const json document = document_of(failed);
  expect_valid("compile.schema.json", document);
  const json& first = document["diagnostics"][0];
  EXPECT_EQ(first["otp"], "{error,systools_rc,{bad_instruction,nonsense}}");
  EXPECT_EQ(first["line"], 2);
  EXPECT_EQ(first["column"], 14);
  workshop_.write("new/lib/shop-1.1.0/ebin/shop.appup",
                  "{\"2\", [{\"1.0.0\", []}], [{\"1.0.0\", []}]}.");
  const json warned = document_of(compile({"--from", "old/releases/1.0.0/shop.rel"}));
  expect_valid("compile.schema.json", warned);
  EXPECT_EQ(warned["diagnostics"][0]["severity"], "warning");
  EXPECT_TRUE(warned["diagnostics"][0].contains("otp_warning"));
}

TEST_F(Document, Lint) {
  workshop_.write("shop.appup", R"({"2.0",
 [{"1.0", [{load_module, shop}, restart,
    %% relup:allow RU003
    {load_module, till}]}], [{"1.0", [restart]}]}.  %% relup:allow RU004 we know
)");
  const Answer answer = call({"lint", "shop.appup"});
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.messages, IsEmpty());
  const json document = document_of(answer);
  expect_valid("lint.schema.json", document);
  EXPECT_EQ(document["files"], 1);
  EXPECT_EQ(document["allowed"], 1);
  EXPECT_EQ(document["fixed"], 0);
  EXPECT_THAT(document["diagnostics"].dump(), HasSubstr("\"code\":\"RU004\""));
  const json sarif =
      json::parse(workshop_.call({"lint", "shop.appup", "--format", "sarif"}).output);
  expect_valid("sarif-2.1.0.subset.schema.json", sarif);
  EXPECT_EQ(sarif["runs"][0]["results"].size(), document["diagnostics"].size());
}

TEST_F(Document, RulesAndExplain) {
  const json rules = document_of(call({"rules"}));
  expect_valid("rules.schema.json", rules);
  EXPECT_EQ(rules["rules"][0]["group"], "grammar");
  const json rule = document_of(call({"explain", "ru003"}));
  expect_valid("explain.schema.json", rule);
  EXPECT_EQ(rule["rule"]["name"], "bad-instruction");
  call({"generate", "--from", "old", "--to", "new"});
  const json script = document_of(call({"explain", "new/releases/1.1.0/relup"}));
  expect_valid("explain.schema.json", script);
  EXPECT_EQ(script["scripts"].size(), 2U);
  workshop_.write("broken.appup", "{\"2\", [{\"1\", [oops]}], []}.");
  const Answer failed = call({"explain", "broken.appup"});
  EXPECT_EQ(failed.status, 3);
  expect_valid("explain.schema.json", document_of(failed));
}

TEST_F(Document, Pack) {
  const json first = document_of(call({"pack", "old", "-o", "old.tar.gz"}));
  expect_valid("pack.schema.json", first);
  EXPECT_EQ(first["relup"], false);
  call({"generate", "--from", "old", "--to", "new"});
  EXPECT_EQ(document_of(call({"pack", "new", "-o", "new.tar.gz"}))["relup"], true);
}

TEST_F(Document, HistoryAndRecover) {
  workshop_.write("old/.relup/journal",
                  real_file_system().read(RELUP_TESTDATA "/journal/format-1.journal"));
  const json history = document_of(call({"history", "--root", "old"}));
  expect_valid("history.schema.json", history);
  ASSERT_EQ(history["operations"].size(), 2U);
  EXPECT_EQ(history["operations"][0]["begun"], "2026-11-18T11:06:40Z");
  EXPECT_EQ(history["operations"][0]["milliseconds"], 4200);
  EXPECT_EQ(history["operations"][1]["open"], true);
  EXPECT_EQ(document_of(call({"history", "--last", "1", "--root", "old"}))["operations"].size(),
            1U);
}

TEST_F(Document, WithBytesThatAreNoTextIsStillJson) {
  workshop_.write("new/lib/shop-1.1.0/ebin/shop.appup", "{\"1.1.0\xFF\", [\x80\x01]}.");
  expect_valid("compile.schema.json",
               document_of(compile({"--from", "old/releases/1.0.0/shop.rel"})));
  const Answer odd = call({"pack", "old", "-o", "o\xFF.tar.gz"});
  expect_valid("pack.schema.json", document_of(odd));
}

// Ends of the verbs that change a host, as far as they come without a node.
TEST_F(Document, OfAChangeThatFails) {
  Call unreachable{
      {"upgrade", "1.1.0", "--root", "old", "--node", "shop@127.0.0.1", "--format", "json"}};
  unreachable.environment = {"ERL_EPMD_PORT=1", "RELEASE_COOKIE=secret"};
  const struct {
    Call call;
    int status;
    const char* next;
  } ends[] = {
      {unreachable, 75, "relup upgrade 1.1.0"},
      {{{"commit", "--root", "nowhere", "--format", "json"}}, 2, "relup commit --help"},
      {{{"rollback", "--format=json"}}, 2, "relup rollback --help"},
      {{{"remove", "--format", "json"}}, 2, "relup remove --help"},
      {{{"downgrade", "1.0.0", "--no-such-option", "--format", "json"}},
       2,
       "relup downgrade --help"},
  };
  for (const auto& end : ends) {
    const Answer answer = workshop_.call(end.call);
    EXPECT_EQ(answer.status, end.status) << answer.messages;
    const json document = document_of(answer);
    expect_valid("outcome.schema.json", document);
    EXPECT_EQ(document.at("exit").at("code"), end.status);
    EXPECT_EQ(document.at("next"), json({end.next}));
    EXPECT_TRUE(document.at("node_restarted").is_null());
    EXPECT_NE(document.at("error").at("message"), "");
  }
}

// One document by every schema. Those of verbs that need a node stand for what only live tests see.
const json& examples() {
  static const json all = json::parse(R"({
    "status.schema.json": {
      "schema_version": 1, "root": "/opt/shop", "node": "shop@127.0.0.1", "otp": "25",
      "running": "1.1.0", "boots": "1.0.0", "uncommitted": true,
      "releases": [{"name": "shop", "version": "1.1.0", "status": "current",
                    "libraries": ["shop-1.1.0"]}],
      "old_code": [{"module": "shop_server", "count": 200, "processes": ["shop", "<0.7.0>"]}],
      "looked_at": 1000, "processes": 1000, "release_handler": "busy",
      "job": {"work": "install of 1.1.0", "milliseconds": 3000}, "at_work": "pid 7",
      "repairs": ["releases/RELEASES is missing"],
      "confirmation": {"goes_back_to": "1.0.0", "milliseconds_left": 5000}},
    "recover.schema.json": {
      "schema_version": 1, "root": "/opt/shop", "end": "finished", "boots": "1.1.0",
      "found": ["`relup commit` was cut off"], "done": ["releases/RELEASES is written"],
      "operation": {"number": 2, "verb": "commit", "from": "1.0.0", "to": "1.1.0"}},
    "history.schema.json": {
      "schema_version": 1, "root": "/opt/shop", "damaged_lines": 1,
      "operations": [
        {"number": 1, "verb": "upgrade", "from": "1.0.0", "to": "1.1.0", "user": "shop",
         "pid": 4711, "relup": "0.1.0", "begun": "2026-11-28T21:41:10Z",
         "ended": "2026-11-28T21:41:14Z", "milliseconds": 4200, "how": "done",
         "message": "upgraded", "open": false, "node_restarted": false,
         "hurt": ["shop_price: <0.1.0>"],
         "steps": [{"step": "verify", "milliseconds": 3, "failed": false}]}]},
    "check.schema.json": {
      "schema_version": 1, "from": "1.0.0", "to": "1.1.0", "would_go_through": false,
      "verdict": "it would be refused", "removes": [], "pause": "", "warnings": [],
      "not_committed": [], "not_looked_at": [],
      "forecast": {
        "suspended": [{"module": "shop_server", "count": 1, "first": [
          {"pid": "<0.7.0>", "name": "cashier", "supervisor": "shop_sup", "application": "shop"}]}],
        "staying": [{"module": "shop_price", "function": "loop/1", "class": "captive", "count": 1,
                     "first": []}],
        "held": [{"kind": "fun", "module": "shop_price", "function": "attach/0",
                  "place": "table hooks"}],
        "connected": [{"node": "b@127.0.0.1", "release": "shop", "version": "1.0.0"}],
        "heart": false},
      "direction": "upgrade", "steps": 12, "loads": ["shop_price"], "suspends": ["shop_server"],
      "restarts_emulator": false, "objections": ["old code is still in use"],
      "settings": [{"application": "shop", "path": ["port"], "before": "1", "after": null}],
      "notes": ["unpacked already"]},
    "outcome.schema.json": {
      "schema_version": 1, "exit": {"code": 7, "meaning": "not committed"},
      "node_restarted": false, "next": ["relup commit", "relup rollback"],
      "from": "1.0.0", "to": "1.1.0", "committed": false, "notes": [],
      "killed": [{"module": "shop_cart", "processes": ["<0.7.0>"]}],
      "error": {"message": "no", "hint": null, "because": ["interrupted"]}},
    "progress.schema.json": {
      "event": "step", "step": "install", "state": "begun", "detail": "1.0.0 -> 1.1.0",
      "milliseconds": 0},
    "diagnostic.schema.json": {
      "rule": "bad-instruction", "severity": "error", "message": "not an instruction",
      "file": "shop.appup", "line": 2, "column": 1, "end_line": 2, "end_column": 5,
      "offset": 10, "end_offset": 14, "notes": ["expected another one"],
      "fix": {"title": "write it", "edits": [
        {"line": 2, "column": 1, "end_line": 2, "end_column": 5, "offset": 10, "end_offset": 14,
         "text": "another"}]},
      "otp": "{error,systools_rc,{bad_instruction,x}}"},
    "compile.schema.json": {"schema_version": 1, "relup": "relup", "diagnostics": []},
    "generate.schema.json": {
      "schema_version": 1, "files": [{"path": "relup", "up_to_date": true}],
      "decisions": [{"application": "shop", "from": "1.0.0", "to": "1.1.0", "direction": "up",
                     "subject": "shop_price", "instruction": null,
                     "because": ["same code, compiled anew"]}],
      "diagnostics": []},
    "fmt.schema.json": {
      "schema_version": 1, "files": [{"path": "shop.appup", "changed": true}], "diagnostics": []},
    "lint.schema.json": {
      "schema_version": 1, "tool": {"name": "relup", "version": "0.1.0"}, "files": 2, "fixed": 0,
      "allowed": 1, "diagnostics": []},
    "config.schema.json": {
      "schema_version": 1, "exit": {"code": 0, "meaning": "done"}, "root": "/opt/shop",
      "files": ["/etc/relup/relup.yaml"],
      "settings": [{"name": "drain_timeout", "value": "30s",
                    "origin": {"file": "/etc/relup/relup.yaml", "line": 2}}],
      "diagnostics": []},
    "hook.schema.json": {
      "schema_version": 1, "hook": "before-install", "verb": "upgrade", "from": "1.0.0",
      "to": "1.1.0", "root": "/opt/shop", "node": "shop@127.0.0.1", "because": "a probe",
      "script": {"direction": "up", "steps": 7, "loads": ["shop_price"], "removes": ["shop_old"],
                 "suspends": ["shop_server"], "restarts_emulator": false}},
    "rules.schema.json": {
      "schema_version": 1,
      "rules": [{"code": "RU003", "name": "bad-instruction", "group": "grammar",
                 "severity": "error", "summary": "a term that is no instruction"}]},
    "explain.schema.json": {
      "schema_version": 1,
      "rule": {"code": "RU003", "name": "bad-instruction", "group": "grammar",
               "severity": "error", "summary": "a term that is no instruction", "page": "# RU003"},
      "scripts": [{"direction": "up", "from": "1.0", "to": "2.0",
                   "steps": [{"first": 1, "last": 2, "text": "loads shop"}],
                   "remarks": ["pause: shop, from step 1 to step 2"]}],
      "diagnostics": []},
    "sarif-2.1.0.subset.schema.json": {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [{
        "tool": {"driver": {"name": "relup", "version": "0.1.0", "rules": [{
          "id": "RU003", "name": "bad-instruction", "shortDescription": {"text": "a"},
          "fullDescription": {"text": "a"}, "help": {"text": "a", "markdown": "a"},
          "defaultConfiguration": {"level": "error"},
          "properties": {"tags": ["erlang"], "precision": "high",
                         "problem.severity": "error"}}]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [
          {"level": "note", "message": {"text": "a"}}]}],
        "results": [{
          "ruleId": "RU003", "ruleIndex": 0, "level": "error", "message": {"text": "a"},
          "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "lib/shop.appup", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}}}],
          "partialFingerprints": {"relupFinding/v1": "0123456789abcdef0123456789abcdef:1"},
          "fixes": [{"description": {"text": "a"}, "artifactChanges": [{
            "artifactLocation": {"uri": "file:///lib/shop.appup", "uriBaseId": "%SRCROOT%"},
            "replacements": [{
              "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
              "insertedContent": {"text": ""}}]}]}]}]}]},
    "pack.schema.json": {
      "schema_version": 1, "tarball": "shop.tar.gz", "name": "shop", "version": "1", "members": 7,
      "relup": true, "signed": false},
    "diff.schema.json": {
      "schema_version": 1,
      "from": {"name": "shop", "version": "1", "erts": "13"},
      "to": {"name": "shop", "version": "2", "erts": "13"},
      "applications": [{"name": "shop", "status": "upgraded", "from": "1", "to": "2",
                        "modules": [{"name": "m", "status": "changed", "reasons": ["code"],
                          "behaviours": ["gen_server"],
                          "exports": {"added": [{"name": "f", "arity": 1}], "removed": []},
                          "state_change": {
                            "before": {"kind": "record", "name": "state", "fields": ["a"]},
                            "after": {"kind": "map", "name": null, "fields": ["a", "b"]},
                            "added": ["b"], "removed": [], "fault": null},
                          "children": {"supervisor": "shop_sup", "source": "init",
                                       "added": ["shop_stats"], "removed": [],
                                       "changed": [{"id": "till", "starts_otherwise": true,
                                                    "settings": ["restart"]}],
                                       "flags": [{"name": "intensity", "before": "1",
                                                  "after": "3"}],
                                       "old_argument": "[]"},
                          "may_list_other_children": false,
                          "init_effects": ["ets:new/2"]}],
                        "details": ["needs: new inets"],
                        "fixed_at_start": ["priv/shop.so changed"]}],
      "protocols": [{"name": "Elixir.Enumerable", "status": "changed", "reasons": ["code"],
                     "behaviours": [], "exports": null, "state_change": null, "children": null,
                     "may_list_other_children": false, "init_effects": []}],
      "settings": ["vm.args differs"],
      "configuration": [{"application": "shop", "added": ["tls"], "removed": [],
                         "changed": ["port"]}],
      "restart": {"emulator": ["ERTS changes from 13 to 14"],
                  "applications": [{"name": "shop", "reasons": ["priv/shop.so changed"]}],
                  "next_start": ["vm.args differs"]},
      "diagnostics": []}
  })");
  return all;
}

// Calls `visit` with a path to every object in `value`.
void visit_objects(const json& value, const json::json_pointer& path,
                   const std::function<void(const json::json_pointer&)>& visit) {
  if (value.is_object()) visit(path);
  if (!value.is_structured()) return;
  for (const auto& item : value.items()) {
    const json::json_pointer inner =
        value.is_array() ? path / std::stoul(item.key()) : path / item.key();
    visit_objects(item.value(), inner, visit);
  }
}

class Schema : public ::testing::TestWithParam<std::string> {};

TEST_P(Schema, TakesItsExample) {
  expect_valid(GetParam(), examples().at(GetParam()));
}

TEST_P(Schema, RefusesEveryMemberOfAWrongType) {
  const json& example = examples().at(GetParam());
  visit_objects(example, json::json_pointer(), [&](const json::json_pointer& path) {
    for (const auto& item : example.at(path).items()) {
      json wrong = example;
      wrong[path][item.key()] = json::array({json::array()});
      EXPECT_THAT(schema_faults(GetParam(), wrong), Not(IsEmpty())) << wrong.dump(1);
    }
  });
}

// Members that may be missing, in all objects of a document.
std::set<std::string> optional_members(const std::string& schema) {
  if (schema == "diagnostic.schema.json") return {"notes", "otp", "line", "fix"};
  if (schema == "sarif-2.1.0.subset.schema.json") return {"uriBaseId", "fixes"};
  return {};
}

TEST_P(Schema, RefusesAMissingMember) {
  const std::set<std::string> optional = optional_members(GetParam());
  const json& example = examples().at(GetParam());
  visit_objects(example, json::json_pointer(), [&](const json::json_pointer& path) {
    for (const auto& item : example.at(path).items()) {
      const bool is_outer = path.empty() || GetParam() != "diagnostic.schema.json";
      if (is_outer && optional.contains(item.key())) continue;
      json wrong = example;
      wrong[path].erase(item.key());
      EXPECT_THAT(schema_faults(GetParam(), wrong), Not(IsEmpty())) << wrong.dump(1);
    }
  });
}

TEST_P(Schema, RefusesAnUnknownMemberUnlessMoreMayCome) {
  const json& example = examples().at(GetParam());
  const bool is_open = read_schema(GetParam()).at("additionalProperties").get<bool>();
  visit_objects(example, json::json_pointer(), [&](const json::json_pointer& path) {
    json more = example;
    more[path]["unknown"] = 1;
    const bool may_have_more = is_open && path.empty();
    EXPECT_EQ(schema_faults(GetParam(), more).empty(), may_have_more) << more.dump(1);
  });
}

// What the validator does not know it would pass over.
const std::set<std::string> known_keywords{
    "$schema",     "$id",      "$ref",       "$defs",     "title",
    "description", "type",     "properties", "required",  "items",
    "enum",        "const",    "pattern",    "minLength", "minimum",
    "minItems",    "maxItems", "if",         "then",      "additionalProperties"};

void expect_known_keywords(const json& schema) {
  for (const auto& item : schema.items()) {
    EXPECT_TRUE(known_keywords.contains(item.key())) << item.key();
    if (item.key() == "properties" || item.key() == "$defs") {
      for (const json& inner : item.value())
        expect_known_keywords(inner);
    } else if (item.key() == "items" || item.key() == "if" || item.key() == "then") {
      expect_known_keywords(item.value());
    }
  }
}

TEST_P(Schema, UsesOnlyKeywordsThatTheValidatorKnows) {
  const json schema = read_schema(GetParam());
  expect_known_keywords(schema);
  EXPECT_EQ(schema.at("$id"), GetParam());
  EXPECT_THAT(schema.at("$schema").get<std::string>(), HasSubstr("2020-12"));
}

std::vector<std::string> schema_names() {
  std::vector<std::string> names;
  for (const auto& example : examples().items())
    names.push_back(example.key());
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, Schema, ::testing::ValuesIn(schema_names()), [](const auto& test) {
  std::string name = test.param.substr(0, test.param.find('.'));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// What relup reads is held to its schema where the reading is tested (tests/policy).
const std::set<std::string> read_documents{"policy.schema.json"};

TEST(Schemas, AllHaveAnExample) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(RELUP_TESTDATA "/../schemas")) {
    const std::string name = file.path().filename().string();
    if (!read_documents.contains(name)) names.push_back(name);
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAreArray(schema_names()));
}

}  // namespace
}  // namespace relup::cmd
