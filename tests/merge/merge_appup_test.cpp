// SPDX-License-Identifier: Apache-2.0
//
// Every case is told in three steps: what relup generated, how somebody has edited it (a text and
// what replaced it), and what relup would write now. Whatever comes out must be an appup, and must
// stay as it is when it is merged once more.
#include "merge/merge_appup.hpp"

#include <gmock/gmock.h>

#include "appup/generation_record.hpp"
#include "merge_support.hpp"
#include "term/printer.hpp"

namespace relup::merge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Instructions = std::vector<std::string>;

const std::string cart = "{load_module, cart, soft_purge, soft_purge, []}";
const std::string cart_after_price = "{load_module, cart, soft_purge, soft_purge, [price]}";
const std::string cart_brutal = "{load_module, cart, brutal_purge, brutal_purge, []}";
const std::string cart_gone = "{remove, {cart, soft_purge, soft_purge}}";
const std::string price = "{load_module, price, soft_purge, soft_purge, []}";
const std::string stock = "{load_module, stock, soft_purge, soft_purge, []}";
const std::string call = "{apply, {shop, say, []}}";

std::string replaced(std::string text, const std::string& old, const std::string& fresh) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old << " is not in\n" << text;
  return text.replace(at, old.size(), fresh);
}

MergeResult merge(const std::string& edited, const appup::AppupDocument& now) {
  return merge_appup("shop.appup", edited, now, "shop");
}

appup::AppupDocument upgrade(const Instructions& instructions) {
  return make_document({{"1.0", instructions}});
}

// The merged text, after the checks that hold for every merge without conflicts.
std::string merged(const std::string& edited, const appup::AppupDocument& now) {
  const MergeResult result = merge(edited, now);
  EXPECT_THAT(result.diagnostics, IsEmpty());
  read_appup_text(result.text);
  EXPECT_EQ(merge(result.text, now).text, result.text) << "merging again changes it";
  const auto record = appup::read_record(result.text);
  EXPECT_TRUE(std::holds_alternative<appup::GenerationRecord>(record));
  EXPECT_EQ(appup::to_text(std::get<appup::GenerationRecord>(record)),
            appup::to_text(appup::record_of(now)));
  return result.text;
}

// The first list of instructions in a text, with its brackets.
std::string instructions_in(const std::string& text) {
  const std::size_t begin = text.find('[', text.find("{\"1.0\""));
  return text.substr(begin, text.find("]}],\n %% downgrade", begin) + 1 - begin);
}

// Cases are called by their names.
auto case_name() {
  return [](const auto& test) { return std::string(test.param.name); };
}

struct Case {
  const char* name;
  Instructions base;
  std::string old_text;
  std::string new_text;
  Instructions now;
  Instructions expected;  // empty for a conflict
};

class Semantics : public ::testing::TestWithParam<Case> {};

TEST_P(Semantics, OfOneEntry) {
  const Case& test = GetParam();
  const std::string generated = appup::generated_text("shop", upgrade(test.base));
  const std::string edited = replaced(generated, test.old_text, test.new_text);
  if (test.expected.empty()) {
    const MergeResult result = merge(edited, upgrade(test.now));
    ASSERT_EQ(result.diagnostics.size(), 1U);
    EXPECT_EQ(result.diagnostics[0].rule, "appup-conflict");
    EXPECT_EQ(result.diagnostics[0].severity, Severity::error);
    EXPECT_EQ(result.text, edited);
    return;
  }
  const std::string text = merged(edited, upgrade(test.now));
  Instructions expected;
  for (const std::string& instruction : test.expected)
    expected.push_back(print(appup::to_term(read_action(instruction))));
  const auto entries = plain_entries((*read_appup_text(text).as_tuple())[1]);
  EXPECT_THAT(entries, ElementsAre(PlainEntry{"\"1.0\"", expected}));
  const bool is_as_generated = text == appup::generated_text("shop", upgrade(test.now));
  EXPECT_EQ(appup::authorship(text),
            is_as_generated ? appup::Authorship::generated : appup::Authorship::edited);
}

const std::string apart = ",\n    ";

INSTANTIATE_TEST_SUITE_P(
    All, Semantics,
    ::testing::Values(
        Case{"same", {cart, price}, cart, cart_brutal, {cart, price}, {cart_brutal, price}},
        Case{"another_changed",
             {cart, price},
             price,
             price + apart + call,
             {cart_after_price, price},
             {cart_after_price, price, call}},
        Case{"another_came",
             {cart, stock},
             stock,
             stock + apart + call,
             {cart, price, stock},
             {cart, price, stock, call}},
        Case{"another_came_first",
             {price, stock},
             stock,
             stock + apart + call,
             {cart, price, stock},
             {cart, price, stock, call}},
        Case{"another_went", {cart, price}, price, price + apart + call, {price}, {price, call}},
        Case{"first_went_to_nothing", {cart}, cart, call + apart + cart, {}, {call}},
        Case{"removed_stays_removed",
             {cart, price},
             cart + apart,
             "",
             {cart, price, stock},
             {price, stock}},
        Case{"edit_equals_now",
             {cart, price},
             cart,
             cart_after_price,
             {cart_after_price, price, stock},
             {cart_after_price, price, stock}},
        Case{"addition_equals_now",
             {cart},
             cart,
             cart + apart + price,
             {cart, price, stock},
             {cart, price, stock}},
        Case{"both_removed", {cart, price}, cart + apart, call + apart, {price}, {call, price}},
        Case{"both_changed", {cart, price}, cart, cart_brutal, {cart_after_price, price}, {}},
        Case{"edited_and_gone", {cart, price}, cart, cart_brutal, {price}, {}},
        Case{"removed_and_changed", {cart, price}, cart + apart, "", {cart_gone, price}, {}},
        Case{"both_new", {price}, price, cart_brutal + apart + price, {cart, price}, {}},
        Case{"kept_by_comment",
             {cart, price},
             cart,
             "%% relup:keep cart\n    " + cart_brutal,
             {cart_after_price, price, stock},
             {cart_brutal, price, stock}},
        Case{"left_out_by_comment",
             {cart, price},
             cart + apart,
             "% relup:keep cart\n    ",
             {cart_gone, price},
             {price}},
        Case{"kept_behind_the_entry",
             {price, cart},
             cart + "]}]",
             cart_brutal + "]} % relup:keep cart\n  ]",
             {price},
             {price, cart_brutal}},
        Case{"short_form_is_no_edit",
             {cart_brutal, price},
             cart_brutal,
             "{load_module, cart}",
             {cart_after_price, price},
             {cart_after_price, price}},
        Case{"short_form_stays",
             {cart_brutal, price},
             cart_brutal,
             "{load_module, cart, []}",
             {cart_brutal, stock},
             {"{load_module, cart}", stock}},
        Case{"reordered_by_the_user",
             {cart, price},
             cart + apart + price,
             price + apart + cart,
             {cart, price, stock},
             {price, stock, cart}},
        Case{"reordered_by_relup",
             {cart, price, stock},
             stock,
             call + apart + stock,
             {price, stock, cart_gone},
             {price, call, stock, cart_gone}},
        Case{"second_of_a_module",
             {cart, price},
             cart,
             cart_gone + apart + cart,
             {cart_after_price, price},
             {cart_gone, cart_after_price, price}},
        Case{"without_a_module",
             {call, cart},
             cart,
             "{apply, {shop, sing, []}}" + apart + cart,
             {"{apply, {shop, hum, []}}", cart},
             {"{apply, {shop, hum, []}}", "{apply, {shop, sing, []}}", cart}}),
    case_name());

// Layout: the list that somebody has made of one instruction, and what it becomes.
struct Layout {
  const char* name;
  Instructions base;
  std::string edited;
  Instructions now;
  std::string expected;
};

class Layouts : public ::testing::TestWithParam<Layout> {};

TEST_P(Layouts, StayAsTheyAre) {
  const Layout& test = GetParam();
  const std::string generated = appup::generated_text("shop", upgrade(test.base));
  const std::string edited = replaced(generated, instructions_in(generated), test.edited);
  EXPECT_EQ(instructions_in(merged(edited, upgrade(test.now))), test.expected);
}

const std::string a = "{load_module, a}";
const std::string b = "{load_module, b}";
const std::string c = "{load_module, c}";
const std::string new_b = "{load_module, b, brutal_purge, brutal_purge, []}";
const std::string new_a = "{load_module, a, brutal_purge, brutal_purge, []}";
const std::string new_c = "{load_module, c, brutal_purge, brutal_purge, []}";

INSTANTIATE_TEST_SUITE_P(
    Comments, Layouts,
    ::testing::Values(
        Layout{"beside_a_removed_one",
               {a, b, c},
               "[\n  % 1\n  " + a + ", % 2\n  % 3\n  " + b + ", % 4\n  % 5\n  " + c + " % 6\n ]",
               {a, c},
               "[\n  % 1\n  " + a + ", % 2\n  % 3\n  % 4\n  % 5\n  " + c + " % 6\n ]"},
        Layout{"beside_the_removed_last",
               {a, b},
               "[" + a + ", % 1\n  % 2\n  " + b + " % 3\n  % 4\n ]",
               {a},
               "[" + a + " % 1\n  % 2\n  % 3\n  % 4\n ]"},
        Layout{"before_the_removed_last",
               {a, b},
               "[" + a + ", % 1\n  " + b + "]",
               {a},
               "[" + a + " % 1\n  ]"},
        Layout{"beside_the_only_one",
               {a},
               "[ % 1\n  " + a + " % 2\n  % 3\n ]",
               {},
               "[ % 1\n  % 2\n  % 3\n ]"},
        Layout{"inside_a_removed_one",
               {a, b},
               "[" + a + ",\n  {load_module, % why\n   b} % 2\n ]",
               {a},
               "[" + a + "\n  % why\n           % 2\n ]"},
        Layout{"inside_an_exchanged_one",
               {a, b},
               "[\n  " + a + ",\n  {load_module, % why\n   b} % 2\n ]",
               {a, "{load_module, b, [a]}"},
               "[\n  " + a +
                   ",\n  % why\n  {load_module, b, brutal_purge, brutal_purge, [a]} % 2\n ]"},
        Layout{"above_and_behind_neighbours",
               {a, c},
               "[\n  % a\n  " + a + ", % a too\n  % c\n  " + c + " % c too\n ]",
               {a, b, c},
               "[\n  % a\n  " + a + ", % a too\n  " + new_b + ",\n  % c\n  " + c + " % c too\n ]"},
        Layout{"behind_the_last",
               {a},
               "[\n  " + a + " % a\n  % end\n ]",
               {a, b},
               "[\n  " + a + ", % a\n  " + new_b + "\n  % end\n ]"},
        Layout{"about_the_list",
               {b},
               "[ % list\n  % b\n  " + b + "]",
               {a, b},
               "[ % list\n  " + new_a + ",\n  % b\n  " + b + "]"},
        Layout{"in_an_empty_list",
               {},
               "[ % nothing\n  % to do\n ]",
               {a, b},
               "[ % nothing\n  % to do\n    " + new_a + ",\n    " + new_b + "\n ]"}),
    case_name());

INSTANTIATE_TEST_SUITE_P(
    Commas, Layouts,
    ::testing::Values(
        Layout{"one_line",
               {a, c},
               "[" + a + ", " + c + "]",
               {a, b, c},
               "[" + a + ", " + new_b + ", " + c + "]"},
        Layout{"one_line_front", {b}, "[" + b + "]", {a, b}, "[" + new_a + ", " + b + "]"},
        Layout{"one_line_end",
               {a},
               "[" + a + "]",
               {a, b, c},
               "[" + a + ", " + new_b + ", " + new_c + "]"},
        Layout{"one_line_removed",
               {a, b, c},
               "[" + a + "," + b + ", " + c + "]",
               {a, c},
               "[" + a + ", " + c + "]"},
        Layout{"one_line_first_removed", {a, b}, "[" + a + ", " + b + "]", {b}, "[" + b + "]"},
        Layout{"one_line_last_removed", {a, b}, "[" + a + ", " + b + " ]", {a}, "[" + a + " ]"},
        Layout{"commas_in_front",
               {a, c},
               "[ " + a + "\n , " + c + "\n ]",
               {a, b, c},
               "[ " + a + ",\n            " + new_b + "\n , " + c + "\n ]"},
        Layout{"commas_in_front_removed",
               {a, b, c},
               "[ " + a + "\n , " + b + "\n , " + c + " ]",
               {a, c},
               "[ " + a + "\n , " + c + " ]"},
        Layout{"an_empty_list", {}, "[]", {a}, "[\n    " + new_a + "]"},
        Layout{"a_list_that_becomes_empty", {a}, "[\n  " + a + "\n ]", {}, "[\n ]"},
        Layout{"blank_lines",
               {a, b, c},
               "[\n\n  " + a + ",\n\n  " + b + ",\n\n  " + c + "]",
               {a, c},
               "[\n\n  " + a + ",\n\n  " + c + "]"},
        Layout{"tabs", {a}, "[\n\t" + a + "\n]", {a, b}, "[\n\t" + a + ",\n\t" + new_b + "\n]"},
        Layout{"carriage_returns",
               {a, b},
               "[\r\n  " + a + ",\r\n  " + b + "]",
               {a},
               "[\r\n  " + a + "]"}),
    case_name());

// Entries.

struct EntryCase {
  const char* name;
  std::vector<SampleEntry> base;
  std::string old_text;
  std::string new_text;
  std::vector<SampleEntry> now;
  std::vector<std::string> expected;  // versions; empty for a conflict
};

class Entries : public ::testing::TestWithParam<EntryCase> {};

TEST_P(Entries, AreMergedToo) {
  const EntryCase& test = GetParam();
  const std::string generated = appup::generated_text("shop", make_document(test.base));
  const std::string edited = replaced(generated, test.old_text, test.new_text);
  if (test.expected.empty()) {
    const MergeResult result = merge(edited, make_document(test.now));
    ASSERT_EQ(result.diagnostics.size(), 1U);
    EXPECT_THAT(result.diagnostics[0].message, HasSubstr("upgrade from 1.0"));
    EXPECT_EQ(result.text, edited);
    return;
  }
  const std::string text = merged(edited, make_document(test.now));
  std::vector<std::string> versions;
  for (const PlainEntry& entry : plain_entries((*read_appup_text(text).as_tuple())[1]))
    versions.push_back(entry.version);
  EXPECT_EQ(versions, test.expected);
}

const std::string pattern = "{<<\"1\\\\..*\">>, []}";

INSTANTIATE_TEST_SUITE_P(All, Entries,
                         ::testing::Values(EntryCase{"new_one",
                                                     {{"1.0", {cart}}},
                                                     cart,
                                                     call,
                                                     {{"1.0", {cart}}, {"1.1", {}}},
                                                     {"\"1.0\"", "\"1.1\""}},
                                           EntryCase{"new_ones_in_an_empty_list",
                                                     {},
                                                     "[],",
                                                     "[ % none\n ],",
                                                     {{"1.0", {cart}}, {"1.1", {}}},
                                                     {"\"1.0\"", "\"1.1\""}},
                                           EntryCase{"untouched_one_goes",
                                                     {{"1.0", {cart}}, {"1.1", {price}}},
                                                     price,
                                                     price + apart + call,
                                                     {{"1.1", {price}}},
                                                     {"\"1.1\""}},
                                           EntryCase{"edited_one_stays",
                                                     {{"1.0", {cart}}, {"1.1", {price}}},
                                                     cart,
                                                     cart_brutal,
                                                     {{"1.1", {price}}},
                                                     {"\"1.0\"", "\"1.1\""}},
                                           EntryCase{"one_with_a_comment_stays",
                                                     {{"1.0", {cart}}, {"1.1", {price}}},
                                                     cart,
                                                     "%% relup:keep cart\n    " + cart,
                                                     {{"1.1", {price}}},
                                                     {"\"1.0\"", "\"1.1\""}},
                                           EntryCase{"of_the_user_stay",
                                                     {{"1.0", {cart}}},
                                                     "[{\"1.0\"",
                                                     "[{\"0.9\", []},\n  {\"1.0\"",
                                                     {{"1.0", {price}}},
                                                     {"\"0.9\"", "\"1.0\""}},
                                           EntryCase{"removed_stays_removed",
                                                     {{"1.0", {}}, {"1.1", {cart}}},
                                                     "{\"1.0\", []},\n  ",
                                                     "",
                                                     {{"1.0", {}}, {"1.1", {price}}},
                                                     {"\"1.1\""}},
                                           EntryCase{"removed_and_changed",
                                                     {{"1.0", {}}, {"1.1", {cart}}},
                                                     "{\"1.0\", []},\n  ",
                                                     "",
                                                     {{"1.0", {cart}}, {"1.1", {cart}}},
                                                     {}},
                                           EntryCase{"left_out_by_comment",
                                                     {{"1.0", {}}, {"1.1", {cart}}},
                                                     "{\"1.0\", []},",
                                                     "%% relup:keep \"1.0\"",
                                                     {{"1.0", {cart}}, {"1.1", {price}}},
                                                     {"\"1.1\""}},
                                           EntryCase{
                                               "a_pattern_serves",
                                               {{"1.0", {}}},
                                               "{\"1.0\", []}",
                                               pattern,
                                               {{"1.0", {cart}}, {"1.1", {cart}}, {"2.0", {}}},
                                               {"<<\"1\\\\..*\">>", "\"2.0\""}},
                                           EntryCase{"beside_a_pattern",
                                                     {{"1.0", {cart}}},
                                                     "[{\"1.0\"",
                                                     "[" + pattern + ",\n  {\"1.0\"",
                                                     {{"1.0", {price}}},
                                                     {"<<\"1\\\\..*\">>", "\"1.0\""}}),
                         case_name());

TEST(MergeAppup, BothDirectionsAndTheVersionFollow) {
  const auto base = make_document({{"1.0", {cart, price}}}, {{"1.0", {price, cart}}});
  auto now = make_document({{"1.0", {cart, price, stock}}}, {{"1.0", {stock, price, cart}}});
  now.version = "2.1";
  std::string edited = replaced(appup::generated_text("shop", base), cart, cart_brutal);
  edited = replaced(edited, price + ",\n    " + cart, price + ",\n    " + call + ", " + cart);
  const std::string text = merged(edited, now);
  std::string expected = replaced(appup::generated_text("shop", now), cart, cart_brutal);
  expected = replaced(expected, price + ",\n    " + cart, price + ",\n    " + call + ", " + cart);
  EXPECT_EQ(text, expected);
}

TEST(MergeAppup, WhatNothingHasChangedStaysToTheByte) {
  const auto document = make_document({{"1.0", {cart, price}}, {"1.1", {}}}, {{"1.0", {}}});
  const std::string edited =
      replaced(appup::generated_text("shop", document), cart, "%% mine\n\t" + cart_brutal + " ") +
      "% the end";
  EXPECT_EQ(merged(edited, document), edited);
}

TEST(MergeAppup, AConflictHasItsPlaceAndBothSides) {
  const std::string edited =
      replaced(appup::generated_text("shop", upgrade({cart, price})), cart, "{load_module, cart}");
  const MergeResult result = merge(edited, upgrade({cart_gone, price}));
  ASSERT_EQ(result.diagnostics.size(), 1U);
  const Diagnostic& conflict = result.diagnostics[0];
  EXPECT_EQ(conflict.file, "shop.appup");
  EXPECT_EQ(conflict.source->text(conflict.span), "{load_module, cart}");
  EXPECT_EQ(conflict.source->position(conflict.span.begin).line, 7U);
  EXPECT_EQ(conflict.message,
            "the instruction for cart in the upgrade from 1.0 was edited, and what relup would "
            "write for it has changed too");
  EXPECT_THAT(conflict.notes,
              ElementsAre("the file has {load_module, cart}", "relup would write " + cart_gone,
                          "write that, or put `%% relup:keep cart` on a line of this entry to keep "
                          "what the file has"));
}

TEST(MergeAppup, AConflictAboutWhatWasRemovedIsAtItsEntry) {
  const std::string edited =
      replaced(appup::generated_text("shop", upgrade({cart, price})), cart + apart, "");
  const MergeResult result = merge(edited, upgrade({cart_gone, price}));
  ASSERT_EQ(result.diagnostics.size(), 1U);
  const Diagnostic& conflict = result.diagnostics[0];
  EXPECT_EQ(conflict.source->text(conflict.span), "\"1.0\"");
  EXPECT_THAT(conflict.notes,
              ElementsAre("the file has nothing for it", "relup would write " + cart_gone,
                          "write that, or put `%% relup:keep cart` on a line of this entry to "
                          "leave it out"));
}

TEST(MergeAppup, AllConflictsAreSaid) {
  const auto base = make_document({{"1.0", {cart, price}}}, {{"1.0", {stock}}});
  std::string edited = appup::generated_text("shop", base);
  for (const std::string& instruction : {cart, price, stock}) {
    edited =
        replaced(edited, instruction,
                 "{delete_module, " + instruction.substr(14, instruction.find(',', 14) - 14) + "}");
  }
  EXPECT_EQ(merge(edited, make_document({{"1.0", {}}}, {{"1.0", {}}})).diagnostics.size(), 3U);
}

TEST(MergeAppup, AFileWithoutARecordWins) {
  const std::string mine = "{\"2.0\", [{\"1.0\", []}], []}.\n";
  const MergeResult result = merge(mine, upgrade({cart}));
  EXPECT_EQ(result.text, mine);
  EXPECT_THAT(result.diagnostics, IsEmpty());
}

TEST(MergeAppup, AFileThatDoesNotParseStays) {
  const std::string generated = appup::generated_text("shop", upgrade({cart}));
  for (const std::string& edited :
       {replaced(generated, "{\"1.0\"", "{\"1.0\" oops"), replaced(generated, "{\"2.0\"", "{")}) {
    const MergeResult result = merge(edited, upgrade({price}));
    EXPECT_EQ(result.text, edited);
    EXPECT_THAT(result.diagnostics, IsEmpty());
  }
}

// What cannot be told apart wins as it is, with a word about it.
TEST(MergeAppup, ADamagedRecordIsSaid) {
  const std::string generated = appup::generated_text("shop", upgrade({cart, call}));
  const std::string digest =
      print(Term::string(appup::fingerprint(appup::to_term(read_action(cart))).digest));
  const std::string first = "%% relup:base {up, \"1.0\"";
  for (const std::string& edited : {replaced(generated, digest, "\"00000000\""),
                                    replaced(generated, "}.\n%% relup:base {d", "{d"),
                                    replaced(generated, first, "%% nothing {up, \"1.0\""),
                                    generated.substr(0, generated.find("%% relup:base {digest")),
                                    replaced(generated, digest, "oops"),
                                    replaced(generated, first, "%% relup:base {up, one")}) {
    const MergeResult result = merge(edited, upgrade({price}));
    EXPECT_EQ(result.text, edited);
    ASSERT_EQ(result.diagnostics.size(), 1U) << edited;
    EXPECT_EQ(result.diagnostics[0].rule, "appup-base");
    EXPECT_EQ(result.diagnostics[0].severity, Severity::warning);
    EXPECT_THAT(result.diagnostics[0].message, HasSubstr("the record"));
  }
}

TEST(MergeAppup, WhatIsNoPlainListStaysWithAWord) {
  const std::string generated = appup::generated_text("shop", upgrade({cart, price}));
  for (const std::string& edited :
       {replaced(generated, apart + price, " | [" + price + "]"),
        replaced(generated, instructions_in(generated), "\"ab\""),
        replaced(generated, "%% downgrade to\n []", "%% downgrade to\n \"\"")}) {
    const MergeResult result = merge(edited, upgrade({cart, stock}));
    EXPECT_EQ(result.text, edited);
    ASSERT_EQ(result.diagnostics.size(), 1U) << edited;
    EXPECT_EQ(result.diagnostics[0].rule, "appup-base");
  }
}

TEST(MergeAppup, AFileInLatin1StaysWithAWord) {
  const std::string edited =
      replaced(appup::generated_text("shop", upgrade({cart})), "utf-8", "latin-1\n%% \xE4");
  const MergeResult result = merge(edited, upgrade({price}));
  EXPECT_EQ(result.text, edited);
  ASSERT_EQ(result.diagnostics.size(), 1U);
  EXPECT_THAT(result.diagnostics[0].message, HasSubstr("not UTF-8"));
}

TEST(MergeAppup, EditedBackToWhatRelupWouldWriteIsUntouchedAgain) {
  const std::string generated = appup::generated_text("shop", upgrade({cart}));
  const std::string edited = replaced(generated, cart, price);
  const std::string text = merged(edited, upgrade({price}));
  EXPECT_EQ(text, appup::generated_text("shop", upgrade({price})));
  EXPECT_EQ(appup::authorship(text), appup::Authorship::generated);
}

TEST(MergeAppup, WithoutTheMarkAndWithLongRecords) {
  Instructions many;
  for (int i = 0; i < 40; ++i)
    many.push_back("{load_module, 'Elixir.Shop.Module" + std::to_string(i) + "'}");
  const std::string generated = appup::generated_text("shop", upgrade(many));
  for (std::size_t begin = 0, end = 0; begin < generated.size(); begin = end + 1) {
    end = generated.find('\n', begin);
    EXPECT_LE(end - begin, 100U);
  }
  const std::size_t mark = generated.find("%% relup:generated");
  std::string edited = generated;
  edited.erase(mark, edited.find('\n', mark) + 1 - mark);
  many.pop_back();
  EXPECT_THAT(merged(edited, upgrade(many)), Not(HasSubstr("Module39")));
}

}  // namespace
}  // namespace relup::merge
