// SPDX-License-Identifier: Apache-2.0
#include "release/app_file.hpp"

#include <gmock/gmock.h>

#include "term/parser.hpp"
#include "term/printer.hpp"

namespace relup::release {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string full = R"({application, shop,
 [{description, "a shop"}, {id, "7"}, {vsn, "1.0-rc.1"},
  {modules, [b, a]}, {registered, [till]},
  {applications, [kernel, stdlib]}, {optional_applications, [ssl]},
  {included_applications, [cart]}, {mod, {shop_app, [x]}}, {start_phases, [{go, []}]},
  {env, [{key, value}]}, {maxT, 500}, {maxP, infinity}, {unknown, key}]}.)";
const std::string least = R"({application, shop,
 [{description, ""}, {vsn, "1"}, {modules, []}, {registered, []}, {applications, []}]}.)";

struct Read {
  std::optional<AppFile> file;
  Problems problems;
};

Read read(const std::string& text, int otp = 28) {
  const Source source = make_source("lib/shop-1/ebin/shop.app", text);
  const Term term = std::get<ParsedTerm>(parse_first_term(*source)).term;
  Read result;
  result.file = read_app_term(term, source, otp, result.problems);
  return result;
}

// `full` with one of its parts replaced.
std::string with(const std::string& part, const std::string& other) {
  std::string text = full;
  return text.replace(text.find(part), part.size(), other);
}

TEST(AppFile, HasWhatItSays) {
  const auto [file, problems] = read(full);
  ASSERT_TRUE(file);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(file->name.name(), "shop");
  EXPECT_EQ(file->version, "1.0-rc.1");
  EXPECT_THAT(file->modules, ElementsAre(Atom("b"), Atom("a")));
  EXPECT_THAT(file->registered, ElementsAre(Atom("till")));
  EXPECT_THAT(file->applications, ElementsAre(Atom("kernel"), Atom("stdlib")));
  EXPECT_THAT(file->optional_applications, ElementsAre(Atom("ssl")));
  EXPECT_THAT(file->included_applications, ElementsAre(Atom("cart")));
  EXPECT_EQ(print(file->start_module), "{shop_app,[x]}");
  EXPECT_EQ(print(file->start_phases), "[{go,[]}]");
  EXPECT_EQ(print(file->environment), "[{key,value}]");
  EXPECT_EQ(print(file->max_time), "500");
  EXPECT_EQ(file->directory, "lib/shop-1/ebin");
}

TEST(AppFile, MostKeysNeedNotBeThere) {
  const auto [file, problems] = read(least);
  ASSERT_TRUE(file);
  EXPECT_THAT(file->included_applications, IsEmpty());
  EXPECT_EQ(print(file->start_module), "[]");
  EXPECT_EQ(print(file->start_phases), "undefined");
  EXPECT_EQ(print(file->max_time), "infinity");
}

struct Fault {
  const char* name;
  const char* part;
  const char* other;
  const char* reason;  // the beginning of OTP's
};

class AppFileFault : public ::testing::TestWithParam<Fault> {};

TEST_P(AppFileFault, IsTheOneThatOtpReports) {
  const auto [file, problems] = read(with(GetParam().part, GetParam().other));
  EXPECT_FALSE(file);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(print(problems[0].reason).starts_with(GetParam().reason))
      << print(problems[0].reason);
  EXPECT_EQ(problems[0].diagnostic.file, "lib/shop-1/ebin/shop.app");
  EXPECT_GT(problems[0].diagnostic.span.end, problems[0].diagnostic.span.begin);
}

INSTANTIATE_TEST_SUITE_P(
    All, AppFileFault,
    ::testing::Values(
        Fault{"no_version", "{vsn, \"1.0-rc.1\"},", "", "{{missing_param,vsn},"},
        Fault{"version_is_an_atom", "\"1.0-rc.1\"", "one", "{{bad_param,vsn},"},
        Fault{"version_is_a_binary", "\"1.0-rc.1\"", "<<\"1\">>", "{{bad_param,vsn},"},
        Fault{"no_modules", "{modules, [b, a]},", "", "{{missing_param,modules},"},
        Fault{"modules_are_no_atoms", "[b, a]", "[b, 1]", "{{bad_param,modules},"},
        Fault{"modules_are_no_list", "[b, a]", "[b|a]", "{{bad_param,modules},"},
        Fault{"no_registered", "{registered, [till]},", "", "{{missing_param,registered},"},
        Fault{"applications", "[kernel, stdlib]", "kernel", "{{bad_param,applications},"},
        Fault{"included", "[cart]", "[\"cart\"]", "{{bad_param,included_applications},"},
        Fault{"start_module", "{shop_app, [x]}", "shop_app", "{{missing_param,mod},"},
        Fault{"start_phases", "[{go, []}]", "[go]", "{{bad_param,start_phases},"},
        Fault{"environment", "[{key, value}]", "[key]", "{{bad_param,env},"},
        Fault{"time_limit", "{maxT, 500}", "{maxT, 0}", "{{bad_param,maxT},"},
        Fault{"the_key_has_three_parts", "{vsn, \"1.0-rc.1\"}", "{vsn, \"1\", x}",
              "{{missing_param,vsn},"},
        Fault{"name_is_a_string", "{application, shop,", "{application, \"shop\",",
              "{badly_formatted_application,"},
        Fault{"another_tag", "{application,", "{applications,", "{badly_formatted_application,"}),
    [](const auto& test) { return test.param.name; });

TEST(AppFile, NamesTwiceAreAFaultFromOtp26On) {
  const std::string twice = with("[b, a]", "[b, a, b]");
  EXPECT_TRUE(read(twice, 25).file);
  const auto [file, problems] = read(twice, 26);
  EXPECT_FALSE(file);
  EXPECT_TRUE(print(problems.at(0).reason).starts_with("{{dupl_entry,modules,[b]},"));
}

}  // namespace
}  // namespace relup::release
