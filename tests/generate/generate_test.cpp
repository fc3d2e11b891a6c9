// SPDX-License-Identifier: Apache-2.0
//
// generate on releases whose modules are really compiled, and compile on what it wrote.
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "generate/generate_upgrade.hpp"
#include "policy/read_policy.hpp"
#include "relup/compile.hpp"
#include "support/compiled_modules.hpp"
#include "support/golden.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/printer.hpp"

namespace relup::generate {
namespace {

using support::SampleApplication;
using support::SampleRelease;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string server(const std::string& name, const std::string& state) {
  return "-module(" + name + R"().
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(_) -> {ok, )" +
         state + R"(}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, State, _) -> {ok, {State}}.
)";
}

std::string plain(const std::string& name, const std::string& result) {
  return "-module(" + name + ").\n-export([f/0]).\nf() -> " + result + ".\n";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"1/shop_server", server("shop_server", "0")},
      {"2/shop_server", server("shop_server", "shop_price:g()")},
      {"1/shop_price", plain("shop_price", "1")},
      {"2/shop_price", "-module(shop_price).\n-export([f/0, g/0]).\nf() -> 2.\ng() -> 3.\n"},
      {"3/shop_price", plain("shop_price", "3")},
      {"1/shop_legacy", plain("shop_legacy", "old")},
      {"2/shop_stats", plain("shop_stats", "new")},
      {"1/till", plain("till", "1")},
      {"2/till", plain("till", "2")},
      {"1/audit", plain("audit", "1")},
      {"1/coupon", plain("coupon", "1")},
      {"1/courier", plain("courier", "code:priv_dir(shop)")},
  });
  return modules;
}

SampleApplication application(const std::string& name, const std::string& version,
                              const std::vector<std::string>& keys) {
  SampleApplication made{name, version};
  for (const std::string& key : keys)
    made.modules[key.substr(key.find('/') + 1)] = compiled().at(key);
  return made;
}

SampleApplication shop(const std::string& version) {
  if (version == "2.0") {
    return application("shop", version, {"2/shop_server", "2/shop_price", "2/shop_stats"});
  }
  if (version == "1.5") {
    return application("shop", version, {"1/shop_server", "3/shop_price", "1/shop_legacy"});
  }
  return application("shop", version, {"1/shop_server", "1/shop_price", "1/shop_legacy"});
}

class GenerateTest : public ::testing::Test {
 protected:
  void add(const SampleRelease& release) {
    const std::string root = "/" + release.version;
    support::write_release(files_, root, release);
    trees_.emplace(release.version,
                   release::load_release(release::resolve_reference(files_, root), {}));
  }

  Generated generate_to(const std::string& to, const std::vector<std::string>& from) {
    GenerateRequest request;
    for (const std::string& version : from)
      request.old_releases.push_back(&trees_.at(version));
    request.new_release = &trees_.at(to);
    request.edited_appup = edited_;
    request.policy = policy_;
    return generate_upgrade(request);
  }

  // What the compiler makes of the appups that generate wrote.
  CompileResult compile_to(const std::string& to, const std::vector<std::string>& from,
                           const Generated& generated) {
    for (const GeneratedAppup& appup : generated.appups) {
      const std::string name = appup.application.name();
      support::write_file(
          files_, "/" + to + "/lib/" + name + "-" + appup.version + "/ebin/" + name + ".appup",
          appup.text);
    }
    CompileRequest request;
    request.top = "/" + to + "/releases/" + to + "/shop";
    request.path = {"/" + to + "/lib/*/ebin"};
    for (const std::string& version : from) {
      request.path.push_back("/" + version + "/lib/*/ebin");
      request.up_from.push_back({"/" + version + "/releases/" + version + "/shop", Term()});
    }
    request.down_to = request.up_from;
    return compile(files_, request);
  }

  support::MemoryFileSystem files_;
  std::map<std::string, release::ReleaseTree> trees_;
  policy::Policy policy_;
  decltype(GenerateRequest::edited_appup) edited_;
};

std::string text_of(const Generated& generated) {
  std::string text;
  for (const GeneratedAppup& appup : generated.appups)
    text += "==> " + appup.application.name() + "-" + appup.version + ".appup\n" + appup.text;
  if (generated.relup) text += "==> relup\n" + term_file(to_term(*generated.relup));
  return text;
}

TEST_F(GenerateTest, OneApplicationUpAndDown) {
  add({"1.0", {shop("1.0")}});
  add({"2.0", {shop("2.0")}});
  support::expect_golden("generate/one-application.txt", text_of(generate_to("2.0", {"1.0"})));
}

TEST_F(GenerateTest, SeveralBasesShareEntriesOfOneVersion) {
  add({"1.0", {shop("1.0"), application("till", "1", {"1/till"})}});
  add({"1.0.1", {shop("1.0"), application("till", "2", {"2/till"})}});
  add({"1.5", {shop("1.5"), application("till", "1", {"1/till"})}});
  add({"2.0", {shop("2.0"), application("till", "2", {"2/till"})}});
  support::expect_golden("generate/several-bases.txt",
                         text_of(generate_to("2.0", {"1.0", "1.0.1", "1.5"})));
}

TEST_F(GenerateTest, ApplicationsThatComeAndGo) {
  add({"1.0", {shop("1.0"), application("coupon", "1", {"1/coupon"})}});
  add({"2.0", {shop("2.0"), application("audit", "1", {"1/audit"})}});
  support::expect_golden("generate/applications-come-and-go.txt",
                         text_of(generate_to("2.0", {"1.0"})));
}

TEST_F(GenerateTest, NobodyIsKilledWhateverComesOrGoes) {
  add({"1.0", {shop("1.0"), application("coupon", "1", {"1/coupon"})}});
  add({"1.5", {shop("1.5"), application("till", "1", {"1/till"})}});
  add({"2.0",
       {shop("2.0"), application("audit", "1", {"1/audit"}),
        application("till", "2", {"2/till"})}});
  const Generated generated = generate_to("2.0", {"1.0", "1.5"});
  ASSERT_TRUE(generated.relup);
  const std::string text = text_of(generated);
  EXPECT_THAT(text, Not(HasSubstr("brutal_purge")));
  EXPECT_THAT(text, Not(HasSubstr("{purge,")));
  EXPECT_THAT(text, HasSubstr("{load,{audit,soft_purge,soft_purge}}"));
  EXPECT_THAT(text, HasSubstr("{remove,{coupon,soft_purge,soft_purge}}"));
}

TEST_F(GenerateTest, CompileMakesTheSameOfIt) {
  add({"1.0", {shop("1.0"), application("till", "1", {"1/till"})}});
  add({"1.5", {shop("1.5"), application("till", "2", {"2/till"})}});
  add({"2.0", {shop("2.0"), application("till", "2", {"2/till"})}});
  const Generated generated = generate_to("2.0", {"1.0", "1.5"});
  ASSERT_TRUE(generated.relup);
  const CompileResult compiled_again = compile_to("2.0", {"1.0", "1.5"}, generated);
  EXPECT_THAT(compiled_again.diagnostics, IsEmpty());
  ASSERT_TRUE(compiled_again.relup);
  EXPECT_EQ(term_file(to_term(*compiled_again.relup)), term_file(to_term(*generated.relup)));
}

TEST_F(GenerateTest, CompileTakesItWhereApplicationsComeAndGo) {
  add({"1.0", {shop("1.0"), application("coupon", "1", {"1/coupon"})}});
  add({"2.0", {shop("2.0"), application("audit", "1", {"1/audit"})}});
  const CompileResult result = compile_to("2.0", {"1.0"}, generate_to("2.0", {"1.0"}));
  EXPECT_THAT(result.diagnostics, IsEmpty());
  EXPECT_TRUE(result.relup);
}

TEST_F(GenerateTest, TwiceIsTheSame) {
  add({"1.0", {shop("1.0")}});
  add({"2.0", {shop("2.0")}});
  EXPECT_EQ(text_of(generate_to("2.0", {"1.0"})), text_of(generate_to("2.0", {"1.0"})));
}

TEST_F(GenerateTest, AnEditedAppupWins) {
  add({"1.0", {shop("1.0")}});
  add({"2.0", {shop("2.0")}});
  const std::string mine =
      "{\"2.0\", [{<<\"1.*\">>, [{load_module, shop_price}]}], [{\"1.0\", []}]}.";
  edited_ = [&](const release::TreeApplication& application) {
    EXPECT_EQ(application.name.name(), "shop");
    return EditedAppup{"mine.appup", mine};
  };
  const Generated generated = generate_to("2.0", {"1.0"});
  ASSERT_TRUE(generated.relup);
  ASSERT_EQ(generated.appups.size(), 1U);
  EXPECT_TRUE(generated.appups[0].is_edited);
  EXPECT_EQ(generated.appups[0].origin, "mine.appup");
  EXPECT_EQ(generated.appups[0].text, mine);
  // What a person wrote stays as it was written, brutal or not.
  EXPECT_THAT(term_file(to_term(*generated.relup)),
              HasSubstr("{load,{shop_price,brutal_purge,brutal_purge}}"));
}

TEST_F(GenerateTest, FaultsOfAnEditedAppupAreSaidWithTheirPlace) {
  add({"1.0", {shop("1.0")}});
  add({"2.0", {shop("2.0")}});
  struct Fault {
    const char* text;
    const char* rule;
  };
  for (const Fault& fault :
       {Fault{"{\"2.0\", [", "syntax"}, Fault{"{oops}.", "bad-appup"},
        Fault{"{\"2.0\", [{\"1.0\", [what]}], [{\"1.0\", []}]}.", "bad-instruction"},
        Fault{"{\"2.0\", [], [{\"1.0\", []}]}.", "no-relup-entry"}}) {
    edited_ = [&](const auto&) { return EditedAppup{"my.appup", fault.text}; };
    const Generated generated = generate_to("2.0", {"1.0"});
    EXPECT_FALSE(generated.relup) << fault.text;
    ASSERT_FALSE(generated.diagnostics.empty());
    EXPECT_EQ(generated.diagnostics[0].rule, fault.rule);
    EXPECT_EQ(generated.diagnostics[0].file, "my.appup");
  }
}

TEST_F(GenerateTest, ChangedCodeUnderTheSameVersionIsSaidOnce) {
  add({"1.0", {application("shop", "1", {"1/shop_price"})}});
  add({"1.5", {application("shop", "1", {"1/shop_price"})}});
  add({"2.0", {application("shop", "1", {"2/shop_price"})}});
  const Generated generated = generate_to("2.0", {"1.0", "1.5"});
  EXPECT_FALSE(generated.relup);
  ASSERT_EQ(generated.diagnostics.size(), 1U);
  EXPECT_EQ(generated.diagnostics[0].rule, "same-version-changed-code");
}

TEST_F(GenerateTest, InstructionsOfTheReleaseStandWhereThePolicySays) {
  add({"1.0", {shop("1.0")}});
  add({"2.0", {shop("2.0")}});
  policy_ = policy::read_policy("relup.yaml",
                                "instructions:\n"
                                "  - {at: check, up: \"{apply, {shop, ready, []}}\"}\n"
                                "  - {at: first, up: \"{apply, {shop, pause, []}}\"}\n"
                                "  - {at: last, up: \"{apply, {shop, go, ['${from}']}}\"}\n")
                .policy;
  const Generated generated = generate_to("2.0", {"1.0"});
  ASSERT_TRUE(generated.relup);
  const std::string up = print(to_term(generated.relup->up.at(0).script));
  EXPECT_THAT(up, HasSubstr("{apply,{shop,ready,[]}},point_of_no_return,{apply,{shop,pause,[]}}"));
  EXPECT_THAT(up, HasSubstr("{apply,{shop,go,['1.0']}}]"));
}

TEST_F(GenerateTest, ANewEmulatorIsNothingHot) {
  add({"1.0", {shop("1.0")}});
  SampleRelease newer{"2.0", {shop("2.0")}};
  newer.erts = "14.0";
  add(newer);
  try {
    generate_to("2.0", {"1.0"});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::needs_restart);
    EXPECT_EQ(error.message(), "this cannot be done hot: ERTS changes from 13.1.5 to 14.0");
  }
}

TEST_F(GenerateTest, ANewEmulatorIsRestartedWhereThePolicySaysSo) {
  add({"1.0", {shop("1.0")}});
  SampleRelease newer{"2.0", {shop("2.0")}};
  newer.erts = "14.0";
  add(newer);
  policy_ = policy::read_policy("relup.yaml", "emulator: restart").policy;
  const Generated generated = generate_to("2.0", {"1.0"});
  ASSERT_TRUE(generated.relup);
  const Script& up = generated.relup->up.at(0).script;
  EXPECT_TRUE(std::holds_alternative<appup::RestartNewEmulator>(up.front().action));
  EXPECT_TRUE(std::holds_alternative<appup::RestartEmulator>(
      generated.relup->down.at(0).script.back().action));
}

// What a process keeps of it leads to the old version.
TEST_F(GenerateTest, CodeThatAsksForThePlaceOfItsApplicationIsTold) {
  add({"1.0", {application("shop", "1.0", {"1/courier", "1/till"})}});
  add({"2.0", {application("shop", "2.0", {"1/courier", "2/till"})}});
  std::vector<std::string> told;
  for (const Diagnostic& each : generate_to("2.0", {"1.0"}).diagnostics) {
    if (each.rule == "kept-path") told.push_back(each.message);
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], HasSubstr("priv"));
  EXPECT_THAT(told[0], HasSubstr("lib/shop-1.0"));
  EXPECT_THAT(told[0], HasSubstr("in courier"));
}

}  // namespace
}  // namespace relup::generate
