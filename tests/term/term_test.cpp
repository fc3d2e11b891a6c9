// SPDX-License-Identifier: Apache-2.0
#include "term/term.hpp"

#include <iterator>
#include <limits>

#include <gtest/gtest.h>

#include "term/big_integer.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup {
namespace {

Term read(const std::string& text) {
  return parse_single_term("test", text + ".");
}

// Erlang's order of terms, with integers before floats, as the keys of a map have it (measured
// with maps:keys/1 of OTP 25).
constexpr const char* sorted[] = {
    // numbers, atoms, tuples, maps, lists, bit strings
    "-100000000000000000000",
    "-1",
    "0",
    "7",
    "100000000000000000000",
    "-0.5",
    "0.5",
    "1.0",
    "''",
    "'Z'",
    "a",
    "ab",
    "b",
    "'\u03bb'",
    "{}",
    "{b}",
    "{a,b}",
    "{b,a}",
    "#{}",
    "#{b => 1}",
    "#{a => 1,b => 0}",
    "#{a => 1,b => 1}",
    "[]",
    "[1|a]",
    "[1|{}]",
    "[1]",
    "[1,2]",
    "[a]",
    "[b|a]",
    "<<>>",
    "<<1>>",
    "<<1,2>>",
    "<<2>>",
    "<<1:3>>",
    "<<32>>",
    "<<33>>"};

TEST(Term, StandInTheOrderOfMapKeys) {
  for (std::size_t i = 0; i < std::size(sorted); ++i) {
    for (std::size_t j = 0; j < std::size(sorted); ++j) {
      EXPECT_EQ(read(sorted[i]) <=> read(sorted[j]), i <=> j) << sorted[i] << " " << sorted[j];
      EXPECT_EQ(read(sorted[i]) == read(sorted[j]), i == j) << sorted[i] << " " << sorted[j];
    }
  }
}

TEST(Term, NumbersOfDifferentKindsDiffer) {
  EXPECT_NE(Term(std::int64_t{1}), Term(1.0));
  EXPECT_EQ(Term(BigInteger::from_digits("42", 10)), Term(std::int64_t{42}));
  EXPECT_NE(Term(BigInteger::from_digits("99999999999999999999", 10)),
            Term(99999999999999999999.0));
}

TEST(Term, TheSpanIsNoPartOfTheValue) {
  const Term term = Term::atom("a").at({3, 4});
  EXPECT_EQ(term.span(), (Span{3, 4}));
  EXPECT_EQ(term, Term::atom("a"));
}

TEST(Term, AListWithAListBehindTheBarIsOneList) {
  const Term two = Term::list({Term::atom("a")}, Term::list({Term::atom("b")}));
  EXPECT_EQ(two, read("[a,b]"));
  EXPECT_TRUE(two.is_proper_list());
  EXPECT_EQ(Term::list({}, Term::atom("t")), Term::atom("t"));
}

// The inner list is held by nothing but the tail that is taken apart.
TEST(Term, AnImproperTailOfATailSurvives) {
  const Term nested =
      Term::list({Term::atom("a")}, Term::list({Term::atom("b")}, Term::tuple({Term::atom("c")})));
  EXPECT_EQ(print(nested), "[a,b|{c}]");
  ASSERT_NE(nested.tail(), nullptr);
  EXPECT_EQ(*nested.tail(), Term::tuple({Term::atom("c")}));
  EXPECT_EQ(read("[a|[b|[c|{d}]]]"), read("[a,b,c|{d}]"));
}

TEST(Term, TellsListsApart) {
  EXPECT_TRUE(read("[]").is_nil());
  EXPECT_TRUE(read("[]").is_proper_list());
  EXPECT_TRUE(read("[a|b]").is_list());
  EXPECT_FALSE(read("[a|b]").is_proper_list());
  EXPECT_FALSE(read("{}").is_list());
  EXPECT_EQ(read("[a]").tail(), nullptr);
}

TEST(Term, HandsOutTextAndAtoms) {
  EXPECT_EQ(read("\"a\\x{3b2}\"").text(), "a\u03b2");
  EXPECT_EQ(read("[]").text(), "");
  EXPECT_EQ(read("[a]").text(), std::nullopt);
  EXPECT_EQ(read("[16#d800]").text(), std::nullopt);
  EXPECT_EQ(read("[97|98]").text(), std::nullopt);
  EXPECT_EQ(read("[-1]").text(), std::nullopt);
  EXPECT_EQ(read("[b,a]").atoms(), (std::vector{Atom("b"), Atom("a")}));
  EXPECT_EQ(read("[a,1]").atoms(), std::nullopt);
  EXPECT_EQ(read("{a}").atoms(), std::nullopt);
}

TEST(Term, KnowsTaggedTuples) {
  EXPECT_TRUE(read("{release,a,b}").is_tagged("release", 3));
  EXPECT_FALSE(read("{release,a}").is_tagged("release", 3));
  EXPECT_FALSE(read("{\"release\",a,b}").is_tagged("release", 3));
  EXPECT_FALSE(read("{}").is_tagged("release", 0));
  EXPECT_EQ(tagged("a", Term(), Term::atom("b")), read("{a,[],b}"));
}

TEST(Term, OfEqualKeysTheLastCounts) {
  EXPECT_EQ(read("#{b => 1,a => 1,b => 2}"), read("#{a => 1,b => 2}"));
  EXPECT_EQ(read("#{1 => a,1.0 => b}").as_map()->size(), 2U);
}

TEST(Term, UnusedBitsDoNotCount) {
  EXPECT_EQ(Term::binary("\xFF", 3), Term::binary("\xE0", 3));
  EXPECT_NE(Term::binary("\xE0", 3), Term::binary("\xE0"));
}

// As since OTP 27.
TEST(Term, MinusZeroIsNotZero) {
  EXPECT_NE(Term(0.0), Term(-0.0));
}

TEST(Atom, IsItsName) {
  std::string name = "some";
  const Atom first(name);
  name = "other";
  EXPECT_EQ(first, Atom("some"));
  EXPECT_NE(first, Atom("other"));
  EXPECT_LT(Atom("a"), Atom("b"));
  EXPECT_EQ(std::hash<Atom>()(first), std::hash<Atom>()(Atom("some")));
}

TEST(BigInteger, KeepsItsValue) {
  const std::string digits = "123456789012345678901234567890";
  const BigInteger big = BigInteger::from_digits(digits, 10);
  EXPECT_EQ(big.decimal(), digits);
  EXPECT_EQ(big.negated().decimal(), "-" + digits);
  EXPECT_EQ(big.small(), std::nullopt);
  EXPECT_EQ(BigInteger::from_bytes(big.magnitude_bytes(), true), big.negated());
  EXPECT_EQ(BigInteger::from_digits("-9223372036854775808", 10).small(),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_LT(big.negated(), big);
}

}  // namespace
}  // namespace relup
