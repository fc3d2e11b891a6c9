// SPDX-License-Identifier: Apache-2.0
#include "release/rel_file.hpp"

#include <gmock/gmock.h>

#include "term/parser.hpp"
#include "term/printer.hpp"

namespace relup::release {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Read {
  std::optional<RelFile> file;
  Problems problems;
};

Read read(const std::string& text) {
  const Source source = make_source("shop.rel", text);
  const Term term = std::get<ParsedTerm>(parse_first_term(*source)).term;
  Read result;
  result.file = read_rel_term(term, source, result.problems);
  return result;
}

std::string rel(const std::string& applications) {
  return "{release, {\"shop\", \"1.0-rc.1\"}, {erts, \"13.1.5\"}, [{kernel, \"8\"}, {stdlib, "
         "\"4\"}" +
         applications + "]}.";
}

TEST(RelFile, HasWhatItSays) {
  const auto [file, problems] = read(rel(", {shop, \"1.0\", load, [cart]}"));
  ASSERT_TRUE(file);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(file->name, "shop");
  EXPECT_EQ(file->version, "1.0-rc.1");
  EXPECT_EQ(file->erts_version, "13.1.5");
  ASSERT_EQ(file->applications.size(), 3U);
  const RelApplication* shop = file->find(Atom("shop"));
  ASSERT_NE(shop, nullptr);
  EXPECT_EQ(shop->start_type.name(), "load");
  EXPECT_THAT(*shop->included, ElementsAre(Atom("cart")));
  EXPECT_EQ(file->find(Atom("till")), nullptr);
}

struct Entry {
  const char* text;
  const char* start_type;
  bool has_includes;
};

class RelEntry : public ::testing::TestWithParam<Entry> {};

TEST_P(RelEntry, IsOneOfFourForms) {
  const auto [file, problems] = read(rel(std::string(", ") + GetParam().text));
  ASSERT_TRUE(file) << problems.at(0).diagnostic.message;
  EXPECT_EQ(file->applications[2].start_type.name(), GetParam().start_type);
  EXPECT_EQ(file->applications[2].included.has_value(), GetParam().has_includes);
}

INSTANTIATE_TEST_SUITE_P(All, RelEntry,
                         ::testing::Values(Entry{"{a, \"1\"}", "permanent", false},
                                           Entry{"{a, \"1\", transient}", "transient", false},
                                           Entry{"{a, \"1\", temporary}", "temporary", false},
                                           Entry{"{a, \"1\", none}", "none", false},
                                           Entry{"{a, \"1\", []}", "permanent", true},
                                           Entry{"{a, \"1\", [b]}", "permanent", true},
                                           Entry{"{a, \"1\", permanent, [b]}", "permanent", true}));

class IllegalEntry : public ::testing::TestWithParam<const char*> {};

TEST_P(IllegalEntry, IsAProblemAtItsPlace) {
  const auto [file, problems] = read(rel(std::string(", ") + GetParam()));
  EXPECT_FALSE(file);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(print(problems[0].reason).starts_with("{illegal_applications,["));
  EXPECT_EQ(problems[0].diagnostic.source->text(problems[0].diagnostic.span), GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, IllegalEntry,
                         ::testing::Values("a", "{a}", "{\"a\", \"1\"}", "{a, one}",
                                           "{a, \"1\", sometimes}", "{a, \"1\", [1]}",
                                           "{a, \"1\", [b], load}", "{a, \"1\", load, [], x}"));

TEST(RelFile, AllIllegalEntriesAreReportedAtOnce) {
  const auto [file, problems] = read(rel(", a, {b, \"1\"}, {c}"));
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(print(problems[0].reason), "{illegal_applications,[a,{c}]}");
}

struct Fault {
  const char* text;
  const char* reason;
};

class RelFault : public ::testing::TestWithParam<Fault> {};

TEST_P(RelFault, IsTheOneThatOtpReports) {
  const auto [file, problems] = read(GetParam().text);
  EXPECT_FALSE(file);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(print(problems[0].reason), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    All, RelFault,
    ::testing::Values(
        Fault{"{release}.", "badly_formatted_release"}, Fault{"[].", "badly_formatted_release"},
        Fault{"{release,{\"a\",\"1\"},{erts,\"13\"},x}.", "badly_formatted_release"},
        Fault{"{release,{\"a\",\"1\"},\"13\",[]}.", "badly_formatted_release"},
        Fault{"{release,{a,\"1\"},{erts,\"13\"},[]}.", "{illegal_name,a}"},
        Fault{"{release,{\"a\",1},{erts,\"13\"},[]}.", "{illegal_form,1}"},
        Fault{"{release,{\"a\",\"1\"},{erts,x},[]}.", "{illegal_form,{erts,x}}"},
        Fault{"{release,{\"a\",\"1\"},{erts,\"13\"},[]}.", "{missing_mandatory_app,kernel}"},
        Fault{"{release,{\"a\",\"1\"},{erts,\"13\"},[{kernel,\"8\"}]}.",
              "{missing_mandatory_app,stdlib}"},
        Fault{"{release,{\"a\",\"1\"},{erts,\"13\"},[{kernel,\"8\",load},{stdlib,\"4\"}]}.",
              "{mandatory_app,kernel,load}"}));

}  // namespace
}  // namespace relup::release
