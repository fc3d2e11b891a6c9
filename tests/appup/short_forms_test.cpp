// SPDX-License-Identifier: Apache-2.0
#include "appup/short_forms.hpp"

#include <gtest/gtest.h>

#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::appup {
namespace {

Term term(const std::string& text) {
  return parse_single_term("test", text + ".");
}

struct ShortForm {
  const char* written;
  const char* full;
};

class ShortForms : public ::testing::TestWithParam<ShortForm> {};

TEST_P(ShortForms, AreWrittenOut) {
  EXPECT_EQ(print(expand_short_form(term(GetParam().written))), print(term(GetParam().full)));
}

// systools_rc:expand_script/1, as the manual's table in appup(4) has it.
INSTANTIATE_TEST_SUITE_P(
    All, ShortForms,
    ::testing::Values(
        ShortForm{"{load_module,m}", "{load_module,m,brutal_purge,brutal_purge,[]}"},
        ShortForm{"{load_module,m,[a,b]}", "{load_module,m,brutal_purge,brutal_purge,[a,b]}"},
        ShortForm{"{update,m}", "{update,m,soft,brutal_purge,brutal_purge,[]}"},
        ShortForm{"{update,m,supervisor}",
                  "{update,m,static,default,{advanced,[]},brutal_purge,brutal_purge,[]}"},
        ShortForm{"{update,m,soft}", "{update,m,soft,brutal_purge,brutal_purge,[]}"},
        ShortForm{"{update,m,{advanced,x}}",
                  "{update,m,{advanced,x},brutal_purge,brutal_purge,[]}"},
        ShortForm{"{update,m,[a]}", "{update,m,soft,brutal_purge,brutal_purge,[a]}"},
        ShortForm{"{update,m,[]}", "{update,m,soft,brutal_purge,brutal_purge,[]}"},
        ShortForm{"{update,m,soft,[a]}", "{update,m,soft,brutal_purge,brutal_purge,[a]}"},
        ShortForm{"{update,m,{advanced,x},[a]}",
                  "{update,m,{advanced,x},brutal_purge,brutal_purge,[a]}"},
        ShortForm{"{add_application,a}", "{add_application,a,permanent}"}));

class NotShort : public ::testing::TestWithParam<const char*> {};

TEST_P(NotShort, StayAsTheyAre) {
  EXPECT_EQ(print(expand_short_form(term(GetParam()))), GetParam());
}

INSTANTIATE_TEST_SUITE_P(FullOrWrong, NotShort,
                         ::testing::Values("{load_module,m,soft_purge,soft_purge,[]}",
                                           "{load_module,m,a}", "{load_module}", "{update}",
                                           "{update,m,something}", "{update,m,supervisor,[a]}",
                                           "{update,m,soft,a}",
                                           "{update,m,soft,soft_purge,soft_purge,[]}",
                                           "{add_module,m}", "{delete_module,m}",
                                           "{add_application,a,load}", "{add_application}",
                                           "restart_new_emulator", "{}", "17", "{[],m}"));

TEST(ShortFormScript, ListsAreSplicedOneLevelDeepAndNotExpanded) {
  const Term script = term("[{load_module,a}, [{load_module,b}, [c]], []]");
  const std::vector<Term> expanded = expand_short_forms(*script.as_list());
  ASSERT_EQ(expanded.size(), 3U);
  EXPECT_EQ(print(expanded[0]), "{load_module,a,brutal_purge,brutal_purge,[]}");
  EXPECT_EQ(print(expanded[1]), "{load_module,b}");
  EXPECT_EQ(print(expanded[2]), "[c]");
}

TEST(ShortFormScript, TheFullFormStandsWhereTheShortOneStood) {
  const Term script = term("[x, {update,m}]");
  const std::vector<Term> expanded = expand_short_forms(*script.as_list());
  EXPECT_EQ(expanded[1].span(), (Span{4, 14}));
}

}  // namespace
}  // namespace relup::appup
