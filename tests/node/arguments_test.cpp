// SPDX-License-Identifier: Apache-2.0
#include "node/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relup::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What `erl -args_file` of OTP 25 makes of the same texts.
TEST(Arguments, WordsAsErlexecSplitsThem) {
  EXPECT_THAT(split_arguments("# comment\n-sname \"aa bb\" # more\n"),
              ElementsAre("-sname", "aa bb"));
  EXPECT_THAT(split_arguments("-mid x#y 'z'\n-k"), ElementsAre("-mid", "x", "-k"));
  EXPECT_THAT(split_arguments("-a x\\\ny"), ElementsAre("-a", "x\ny"));
  EXPECT_THAT(split_arguments("\"p\\nq\" 'p\"q'"), ElementsAre("p\\nq", "p\"q"));
  EXPECT_THAT(split_arguments("a'b'c \"\""), ElementsAre("abc", ""));
  EXPECT_THAT(split_arguments("  \n# only\n"), IsEmpty());
  EXPECT_THAT(split_arguments("\"open"), ElementsAre("open"));
}

NodeFlags flags(std::string_view text) {
  return read_flags(split_arguments(text));
}

TEST(Arguments, NameAndKind) {
  EXPECT_EQ(flags("-sname a -sname b").name, "a");
  EXPECT_EQ(flags("-sname a -name b@c").name, "a");
  EXPECT_EQ(flags("-sname a").name_kind, NameKind::short_name);
  EXPECT_EQ(flags("+K true -name b@c -other d").name, "b@c");
  EXPECT_EQ(flags("-name b@c").name_kind, NameKind::long_name);
  EXPECT_EQ(flags("-sname").name, std::nullopt);
  EXPECT_EQ(flags("-extra -sname a").name, std::nullopt);
}

// Of several cookies the node takes none, and one with a node's name is for that node.
TEST(Arguments, Cookie) {
  EXPECT_EQ(flags("-setcookie c").cookie, "c");
  EXPECT_EQ(flags("-setcookie c -setcookie d").cookie, std::nullopt);
  EXPECT_EQ(flags("-setcookie other@host c").cookie, std::nullopt);
}

TEST(Arguments, Ports) {
  EXPECT_EQ(flags("-epmd_port 14888").epmd_port, 14888);
  EXPECT_EQ(flags("-start_epmd false -erl_epmd_port 15999").distribution_port, 15999);
  EXPECT_EQ(flags("-erl_epmd_port 0").distribution_port, std::nullopt);
  for (const char* text : {"", "0", "65536", "80x", "-1"})
    EXPECT_EQ(parse_port(text), std::nullopt) << text;
}

TEST(Arguments, Visitors) {
  EXPECT_TRUE(flags("-sname rem -remsh shop@host").is_visitor);
  EXPECT_TRUE(flags("-sname rpc -boot /opt/shop/releases/1/start_clean").is_visitor);
  EXPECT_FALSE(flags("-sname shop -boot /opt/shop/releases/1/start").is_visitor);
}

}  // namespace
}  // namespace relup::node
