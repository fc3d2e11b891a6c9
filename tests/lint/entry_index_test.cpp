// SPDX-License-Identifier: Apache-2.0
#include "lint/entry_index.hpp"

#include <gmock/gmock.h>

#include "relup/appup_reader.hpp"

namespace relup::lint {
namespace {

using appup::Direction;

const Atom a("a");
const Atom b("b");
const Atom c("c");

// Of all entries of an appup with these instructions for the way up, and `{load_module, a, [c]}`
// for the way down.
EntryIndex index_of(const std::string& up) {
  ReadAppup read = read_appup(
      "shop.appup", "{\"2\", [{\"1\", [" + up + "]}], [{\"1\", [{load_module, a, [c]}]}]}.", {});
  EntryIndex index;
  for (const ParsedEntry& entry : parse_appup(*read.appup, {}).entries)
    index.add(entry);
  return index;
}

TEST(EntryIndex, KnowsWhichModulesInstructionsAreAbout) {
  const EntryIndex index = index_of("{add_module, b}, {apply, {c, f, []}}, nonsense");
  EXPECT_TRUE(index.names(Direction::up, b));
  EXPECT_FALSE(index.names(Direction::up, a));
  EXPECT_FALSE(index.names(Direction::up, c));
  EXPECT_TRUE(index.names(Direction::down, a));
}

TEST(EntryIndex, KnowsWhichModulesOthersDependOn) {
  const EntryIndex index = index_of("{update, b, soft, [a]}");
  EXPECT_TRUE(index.is_depended_on(Direction::up, a));
  EXPECT_FALSE(index.is_depended_on(Direction::up, b));
  EXPECT_FALSE(index.is_depended_on(Direction::up, c));
  EXPECT_TRUE(index.is_depended_on(Direction::down, c));
}

TEST(EntryIndex, KnowsWhichModulesOthersMayDependOn) {
  const EntryIndex index = index_of("{load_module, a}, {load, {b, soft_purge, soft_purge}}");
  EXPECT_TRUE(index.can_be_depended_on(Direction::up, a));
  EXPECT_FALSE(index.can_be_depended_on(Direction::up, b));
  EXPECT_FALSE(index.can_be_depended_on(Direction::down, b));
}

TEST(EntryIndex, KnowsWhetherAnythingRestarts) {
  EXPECT_FALSE(index_of("{load_module, a}").restarts());
  EXPECT_TRUE(index_of("{load_module, a}, restart_emulator").restarts());
  EXPECT_TRUE(index_of("{restart_application, shop}").restarts());
}

}  // namespace
}  // namespace relup::lint
