// SPDX-License-Identifier: Apache-2.0
#include "policy/version_template.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::policy {
namespace {

Term term_of(const std::string& text) {
  return parse_single_term("test", text + ".");
}

std::string filled(const std::string& text) {
  return print(with_versions(term_of(text), "1.0", "1.1-rc.0"));
}

TEST(VersionTemplate, FillsStringsBinariesAndAtoms) {
  EXPECT_EQ(filled(R"("${from} to ${to}")"), R"("1.0 to 1.1-rc.0")");
  EXPECT_EQ(filled(R"(<<"v${to}">>)"), R"(<<"v1.1-rc.0">>)");
  EXPECT_EQ(filled("'shop_${from}'"), "'shop_1.0'");
}

TEST(VersionTemplate, WalksTuplesListsAndMaps) {
  EXPECT_EQ(filled(R"({a, ["${from}", '${to}' | '${from}'], #{"${from}" => {<<"${to}">>}}})"),
            R"({a,["1.0",'1.1-rc.0'|'1.0'],#{"1.0" => {<<"1.1-rc.0">>}}})");
}

TEST(VersionTemplate, LeavesEverythingElse) {
  const std::string text = R"({[],1,2.5,"${form}","$","${from",<<5:3>>,[36|123],"é",#{}})";
  EXPECT_EQ(with_versions(term_of(text), "1", "2"), term_of(text));
}

TEST(VersionTemplate, DoesNotLookIntoVersions) {
  EXPECT_EQ(print(with_versions(term_of(R"("${from}")"), "${to}", "2")), R"("${to}")");
}

TEST(VersionTemplate, KeepsPlaces) {
  const Term term = term_of(R"({a, "${from}"})");
  const Term changed = with_versions(term, "1", "2");
  EXPECT_EQ(changed.span(), term.span());
  EXPECT_EQ((*changed.as_tuple())[1].span(), (*term.as_tuple())[1].span());
}

TEST(VersionTemplate, MakesNoAtomThatErlangWouldNotTake) {
  const Term term = term_of("'${from}'");
  EXPECT_EQ(with_versions(term, std::string(255, 'v'), ""), Term::atom(std::string(255, 'v')));
  EXPECT_THROW(with_versions(term, std::string(256, 'v'), ""), Error);
}

}  // namespace
}  // namespace relup::policy
