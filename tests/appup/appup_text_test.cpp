// SPDX-License-Identifier: Apache-2.0
#include "appup/appup_text.hpp"

#include <gtest/gtest.h>

#include "appup/appup.hpp"
#include "support/golden.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::appup {
namespace {

AppupDocument document() {
  const Atom cart("Elixir.Shop.Cart");
  const std::vector<Action> up{
      LoadModule{Atom("shop"), Purge::soft, Purge::soft, {cart}},
      Update{cart,
             ModuleType::dynamic_module,
             Term::atom("default"),
             Term(),
             Purge::soft,
             Purge::soft,
             {}},
      Apply{Atom("shop"), Atom("say"), Term::list({Term::string("a, b"), Term()})}};
  return {"2.0.0-rc.1", {{"1.0", up}, {"0.9", {}}}, {{"1.0", {RestartNewEmulator()}}}};
}

TEST(AppupText, IsOneInstructionALine) {
  support::expect_golden("appup/generated.appup", generated_text("shop", document()));
}

TEST(AppupText, ReadsBackAsTheTermThatItShows) {
  const Term term = parse_single_term("shop.appup", generated_text("shop", document()));
  const auto appup = read_appup_term(term, nullptr);
  ASSERT_TRUE(appup);
  EXPECT_EQ(print(appup->version), "\"2.0.0-rc.1\"");
  EXPECT_EQ(print(appup->down), "[{\"1.0\",[restart_new_emulator]}]");
  EXPECT_EQ((*appup->up.as_list()).size(), 2U);
  EXPECT_EQ(to_term(*appup), term);
}

TEST(AppupText, NoEntriesAreEmptyLists) {
  const Term term = parse_single_term("shop.appup", generated_text("shop", {"1", {}, {}}));
  EXPECT_EQ(print(term), "{\"1\",[],[]}");
}

TEST(Authorship, UntouchedTextIsOurs) {
  EXPECT_EQ(authorship(generated_text("shop", document())), Authorship::generated);
}

// Whatever one byte turns into, and wherever: it is an edit.
TEST(Authorship, EveryChangedByteIsAnEdit) {
  const std::string text = generated_text("shop", document());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string edited = text;
    edited[i] = edited[i] == 'x' ? 'y' : 'x';
    ASSERT_EQ(authorship(edited), Authorship::edited) << "byte " << i;
  }
}

TEST(Authorship, EveryPrefixAndEveryAdditionIsAnEdit) {
  const std::string text = generated_text("shop", document());
  for (std::size_t length = 0; length < text.size(); ++length)
    ASSERT_EQ(authorship(text.substr(0, length)), Authorship::edited) << length;
  EXPECT_EQ(authorship(text + "\n"), Authorship::edited);
  EXPECT_EQ(authorship("%% mine\n" + text), Authorship::edited);
}

TEST(Authorship, AFileWithoutTheMarkIsSomebodysOwn) {
  EXPECT_EQ(authorship("{\"1\", [], []}.\n"), Authorship::edited);
  EXPECT_EQ(authorship(""), Authorship::edited);
}

}  // namespace
}  // namespace relup::appup
