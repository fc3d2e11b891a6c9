// SPDX-License-Identifier: Apache-2.0
//
// Every form in which an appup is kept reads as the appup that the build makes of it, and is laid
// out with its placeholder as it was, byte for byte.
#include "appup/kept_appup.hpp"

#include <gmock/gmock.h>

#include "appup/elixir_term.hpp"
#include "appup/format.hpp"
#include "term/printer.hpp"

namespace relup::appup {
namespace {

using ::testing::HasSubstr;

std::string read(const std::string& name, const std::string& text,
                 const std::optional<std::string>& version = "2.0") {
  const auto kept = read_kept_appup(name, text, Dialect::otp27, version);
  if (const auto* fault = std::get_if<TermFault>(&kept)) return "fault: " + fault->error.message;
  return print(std::get<KeptAppup>(kept).file.term);
}

std::string format(const std::string& name, const std::string& text) {
  const auto outcome = format_appup(name, text);
  const auto* formatted = std::get_if<std::string>(&outcome);
  return formatted == nullptr ? std::get<Diagnostic>(outcome).message : *formatted;
}

struct Kept {
  const char* description;
  const char* name;
  std::string version;  // as the template has it
};

std::string name_of(const ::testing::TestParamInfo<Kept>& info) {
  return info.param.description;
}

const std::vector<Kept>& forms() {
  static const std::vector<Kept> all{
      {"variable", "shop.appup.src", "VSN"},
      {"variable_in_small_letters", "shop.appup.src", "Vsn"},
      {"variable_of_one_letter", "shop.appup.src", "V"},
      {"variable_in_a_script", "shop.appup.src.script", "VSN"},
      {"percent", "shop.appup.src", "\"%VSN%\""},
      {"percent_without_quotes", "shop.appup.in", "%VSN%"},
      {"mustache", "shop.appup.src", "\"{{vsn}}\""},
      {"mustache_without_quotes", "shop.appup.src", "{{vsn}}"},
      {"mustache_with_blanks", "shop.appup.src", "{{ vsn }}"},
      {"at", "shop.appup.in", "\"@VERSION@\""},
      {"at_without_quotes", "shop.appup.in", "@VERSION@"},
      {"embedded_elixir", "shop.appup.eex", "\"<%= @vsn %>\""},
      {"before_generated_ones", "shop.appup.pre.src", "\"{{vsn}}\""},
      {"after_generated_ones", "shop.appup.post.src", "VSN"},
  };
  return all;
}

class KeptForms : public ::testing::TestWithParam<Kept> {};

TEST_P(KeptForms, ReadAsWhatTheBuildMakes) {
  const std::string& version = GetParam().version;
  const std::string text = "%% VSN is what %VSN% says, don't you think\n{" + version +
                           ",\n [{\"1.0\", [{load_module, shop}]}],  % \"{{vsn}}\n"
                           " [{\"1.0\", [{apply, {shop, says, [" +
                           version + ", 'VSN', $\"]}}]}]}.\n";
  EXPECT_EQ(
      read(GetParam().name, text),
      R"({"2.0",[{"1.0",[{load_module,shop}]}],[{"1.0",[{apply,{shop,says,["2.0",'VSN',34]}}]}]})");
}

TEST_P(KeptForms, AreLaidOutWithTheirPlaceholder) {
  const std::string& version = GetParam().version;
  const std::string text =
      "{" + version + ", [{\"1.0\",\n[{load_module, shop}]}], [{\"1.0\", []}]}.\n";
  EXPECT_EQ(format(GetParam().name, text),
            "{" + version + ",\n [{\"1.0\", [\n    {load_module, shop}]}],\n [{\"1.0\", []}]}.\n");
}

INSTANTIATE_TEST_SUITE_P(All, KeptForms, ::testing::ValuesIn(forms()), name_of);

TEST(KeptAppup, HasItsPlaceholderForAVersionThatNobodyKnows) {
  EXPECT_EQ(read("shop.appup.src", "{VSN, [], []}.", std::nullopt), R"({"VSN",[],[]})");
  EXPECT_EQ(read("shop.appup.src", "{\"%VSN%\", [], []}.", std::nullopt), R"({"%VSN%",[],[]})");
}

TEST(KeptAppup, TakesNoVariableInTheFileThatSystoolsReads) {
  EXPECT_THAT(read("shop.appup", "{VSN, [], []}."), HasSubstr("fault"));
  EXPECT_EQ(read("shop.appup", "{\"%VSN%\", [], []}."), R"({"%VSN%",[],[]})");
}

TEST(KeptAppup, TakesNoOtherExpressionInATemplate) {
  for (const char* text :
       {"{VSN, [{Old, []}], []}.", "Vsn = \"1\", {Vsn, [], []}.", "{VSN, [{\"1.0\", [f(1)]}], []}.",
        "{_, [], []}.", "{f(VSN), [], []}."}) {
    EXPECT_THAT(read("shop.appup.src", text), HasSubstr("fault")) << text;
  }
}

TEST(KeptAppup, TakesALongerWordForAnotherOne) {
  EXPECT_THAT(read("shop.appup.src", "{VSN, [{VSN1, []}], []}."), HasSubstr("fault"));
}

TEST(KeptAppup, KeepsPlacesOfTheFileAsItIs) {
  const auto kept = read_kept_appup("shop.appup.src", "{VSN, [], []}.", Dialect::otp27, "2.0.1.7");
  const TermFile& file = std::get<KeptAppup>(kept).file;
  EXPECT_EQ(file.source->text(file.term.as_tuple()->front().span()), "VSN");
}

TEST(ElixirAppup, ReadsAsTheTermItIs) {
  EXPECT_EQ(
      read("appup.exs", R"(# how it goes up
{
  ~c"2.0",
  [{'1.0', [
    {:update, Shop.Cart, {:advanced, []}, [Shop, :shop_util]},  # the cart
    {:apply, {:shop, :note!, ["text", 'list', true, nil, -3, %{a: 1, "b" => :c}]}},
    {:load_module, Shop, :soft_purge, :soft_purge, []},
  ]}],
  [{"1\\.[0-9]+", [restart: 1]}, {<<"1.0">>, []}]
}
)"),
      R"({"2.0",[{"1.0",[{update,'Elixir.Shop.Cart',{advanced,[]},['Elixir.Shop',shop_util]},)"
      R"({apply,{shop,'note!',[<<"text">>,"list",true,nil,-3,#{a => 1,<<"b">> => c}]}},)"
      R"({load_module,'Elixir.Shop',soft_purge,soft_purge,[]}]}],)"
      R"([{<<"1\\.[0-9]+">>,[{restart,1}]},{<<"1.0">>,[]}]})");
}

TEST(ElixirAppup, HasAnyExpressionForItsVersion) {
  for (const char* version : {"to_charlist(Mix.Project.config()[:version])", "vsn",
                              "Mix.Project.config()[:version] |> to_charlist()", "'#{version}'"}) {
    EXPECT_EQ(read("appup.exs", "{" + std::string(version) + ", [], []}"), R"({"2.0",[],[]})")
        << version;
  }
}

TEST(ElixirAppup, TakesNoOtherExpression) {
  for (const char* text :
       {"{'2.0', [{old(), []}], []}", "{'2.0', [], []} |> f()", "x = {'1', [], []}",
        "{'2.0', [], [] ++ []}", "{'2.0', [{\"#{x}\", []}], []}", "{'2.0', [", ""}) {
    EXPECT_THAT(read("appup.exs", text), HasSubstr("fault")) << text;
  }
}

TEST(ElixirAppup, HasTheLayoutOfElixir) {
  EXPECT_THAT(format("appup.exs", "{'2.0',[],[]}"), HasSubstr("layout of Elixir"));
}

TEST(ElixirAppup, GetsFixesInElixir) {
  EXPECT_EQ(to_elixir(", soft, soft_purge, []"), ", :soft, :soft_purge, []");
  EXPECT_EQ(to_elixir("'Elixir.Shop.Cart', {advanced, []}"), "Shop.Cart, {:advanced, []}");
  EXPECT_EQ(to_elixir(""), "");
}

}  // namespace
}  // namespace relup::appup
