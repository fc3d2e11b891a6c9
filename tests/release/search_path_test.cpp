// SPDX-License-Identifier: Apache-2.0
#include "release/search_path.hpp"

#include <gmock/gmock.h>

#include "support/memory_file_system.hpp"

namespace relup::release {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SearchPathTest : public ::testing::Test {
 protected:
  SearchPathTest() {
    for (const char* path : {"/lib/shop-1.0/ebin/shop.app", "/lib/shop-1.1/ebin/shop.app",
                             "/lib/till-1/ebin/till.app", "/lib/notes.txt", "/lib/empty/file"}) {
      files_.add_file(path, "");
    }
    files_.add_symlink("/lib/linked", "/lib/till-1");
  }

  support::MemoryFileSystem files_;
};

struct Wildcard {
  const char* pattern;
  std::vector<std::string> matches;
};

class Wildcards : public SearchPathTest, public ::testing::WithParamInterface<Wildcard> {};

TEST_P(Wildcards, StandForTextInOneComponent) {
  EXPECT_EQ(expand_wildcards(files_, GetParam().pattern), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    All, Wildcards,
    ::testing::Values(Wildcard{"/lib/shop-1.0/ebin", {"/lib/shop-1.0/ebin"}},
                      Wildcard{"/lib/*/ebin",
                               {"/lib/linked/ebin", "/lib/shop-1.0/ebin", "/lib/shop-1.1/ebin",
                                "/lib/till-1/ebin"}},
                      Wildcard{"/lib/shop*", {"/lib/shop-1.0", "/lib/shop-1.1"}},
                      Wildcard{"/lib/*-1", {"/lib/till-1"}},
                      Wildcard{"/lib/s*p-*.1", {"/lib/shop-1.1"}},
                      Wildcard{"/*/shop-1.0", {"/lib/shop-1.0"}},
                      Wildcard{"/lib/*p*-*0*", {"/lib/shop-1.0"}}, Wildcard{"/lib/nothing*", {}},
                      Wildcard{"/lib/nothing", {}}, Wildcard{"/nothing/*", {}},
                      Wildcard{"/lib/notes.txt", {}}, Wildcard{"/lib/notes*", {}}));

TEST_F(SearchPathTest, RelativePatternsStartWhereWeAre) {
  EXPECT_THAT(expand_wildcards(files_, "lib/till*"), ElementsAre("lib/till-1"));
}

TEST_F(SearchPathTest, KeepsTheOrderAndTakesNothingTwice) {
  SearchPath path(files_, {"/lib/till-1/ebin", "/lib/*/ebin", "/missing"});
  EXPECT_THAT(path.directories(), ElementsAre("/lib/till-1/ebin", "/lib/linked/ebin",
                                              "/lib/shop-1.0/ebin", "/lib/shop-1.1/ebin"));
  EXPECT_THAT(path.holding("shop.app"), ElementsAre("/lib/shop-1.0/ebin", "/lib/shop-1.1/ebin"));
  EXPECT_THAT(path.holding("till.app"), ElementsAre("/lib/till-1/ebin", "/lib/linked/ebin"));
  EXPECT_THAT(path.holding("other.app"), IsEmpty());
}

TEST_F(SearchPathTest, ALinkToAnAppFileCountsADirectoryOfThatNameDoesNot) {
  files_.add_symlink("/a/shop.app", "/lib/shop-1.0/ebin/shop.app");
  files_.add_symlink("/b/shop.app", "/nowhere");
  files_.add_directory("/c/shop.app");
  SearchPath path(files_, {"/a", "/b", "/c"});
  EXPECT_THAT(path.holding("shop.app"), ElementsAre("/a"));
}

TEST_F(SearchPathTest, KnowsFoldersByTheirNames) {
  files_.add_file("/own/shop.app", "");
  files_.add_file("/lib/shopping-1/ebin/shopping.app", "");
  SearchPath path(files_, {"/own", "/lib/*/ebin"});
  EXPECT_THAT(path.called_after("shop"),
              ElementsAre("/own", "/lib/shop-1.0/ebin", "/lib/shop-1.1/ebin"));
  EXPECT_THAT(path.called_after("till"), ElementsAre("/lib/till-1/ebin"));
}

}  // namespace
}  // namespace relup::release
