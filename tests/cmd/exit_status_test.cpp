// SPDX-License-Identifier: Apache-2.0
//
// The table of exit codes, as far as a call without a node can reach it, and which stream says
// what.
#include <gmock/gmock.h>

#include "cmd/workshop.hpp"

namespace relup::cmd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Nothing listens on the ports below 1024 that nobody has.
const std::string no_epmd = "ERL_EPMD_PORT=1";

struct Row {
  const char* name;
  std::vector<std::string> arguments;
  int status;
  const char* message;  // part of what goes to stderr
};

class ExitStatusTable : public ::testing::TestWithParam<Row> {
 protected:
  Workshop workshop_;
};

TEST_P(ExitStatusTable, IsKept) {
  workshop_.write("damaged/releases/2/shop.rel", "{release,");
  workshop_.write("damaged/releases/start_erl.data", "13 2");
  workshop_.write("hostile.tar.gz", "no archive at all");
  Call call{GetParam().arguments};
  call.environment = {no_epmd, "RELEASE_COOKIE=secret"};
  const Answer answer = workshop_.call(call);
  EXPECT_EQ(answer.status, GetParam().status) << answer.messages;
  EXPECT_THAT(answer.messages, HasSubstr(GetParam().message));
  if (answer.status > 1) {
    EXPECT_THAT(answer.output, IsEmpty());
  }
  EXPECT_THAT(answer.messages, Not(HasSubstr("secret")));
}

INSTANTIATE_TEST_SUITE_P(
    All, ExitStatusTable,
    ::testing::Values(
        Row{"done_diff", {"diff", "old", "new"}, 0, ""},
        Row{"done_same", {"diff", "old", "old", "--exit-code"}, 0, ""},
        Row{"done_generate", {"generate", "--from", "old", "--to", "new", "--out", "out"}, 0, ""},
        Row{"done_pack", {"pack", "old", "-o", "old.tar.gz"}, 0, "wrote old.tar.gz"},
        Row{"no_they_differ", {"diff", "old", "new", "--exit-code"}, 1, ""},
        Row{"no_not_up_to_date",
            {"generate", "--from", "old", "--to", "new", "--check"},
            1,
            "not up to date: new/releases/1.1.0/relup"},
        Row{"usage_unknown_verb", {"dif"}, 2, "no verb"},
        Row{"usage_no_root", {"status", "--root", "nowhere"}, 2, "there is no directory nowhere"},
        Row{"usage_not_a_root", {"status", "--root", "/"}, 2, "is no release root"},
        Row{"usage_not_in_a_root", {"status"}, 2, "not inside a release root"},
        Row{"usage_bad_description",
            {"compile", "new.rel", "--from", "old.rel={bad"},
            2,
            "the description of old.rel:1:"},
        Row{"bad_no_such_release", {"diff", "old", "nowhere"}, 3, "nowhere"},
        Row{"bad_release", {"diff", "old", "damaged"}, 3, "damaged/releases/2/shop.rel:1:10"},
        Row{"bad_tarball", {"diff", "old", "hostile.tar.gz"}, 3, "hostile.tar.gz"},
        Row{"bad_pack", {"pack", "damaged", "-o", "x.tar.gz"}, 3, "damaged/releases/2/shop.rel"},
        Row{"bad_generate",
            {"generate", "--from", "damaged", "--to", "new"},
            3,
            "damaged/releases/2/shop.rel"},
        Row{"bad_compile", {"compile", "nowhere.rel"}, 3, "nowhere.rel"},
        Row{"bad_outdir",
            {"pack", "old", "-o", "no/such/directory/old.tar.gz"},
            3,
            "no/such/directory"},
        Row{"unreachable_check",
            {"check", "1.1.0", "--root", "old", "--node", "shop@127.0.0.1"},
            75,
            "127.0.0.1"},
        Row{"unreachable_upgrade",
            {"upgrade", "1.1.0", "--root", "old", "--node", "shop@127.0.0.1"},
            75,
            "127.0.0.1"},
        Row{"unreachable_upgrade_with_options_that_repeat",
            {"upgrade", "--kill", "shop_price", "--kill", "Shop.Cart", "--probe", "true", "1.1.0",
             "--root", "old", "--node", "shop@127.0.0.1"},
            75,
            "127.0.0.1"},
        Row{"usage_no_time",
            {"upgrade", "1.1.0", "--root", "old", "--confirm-within", "0"},
            2,
            "--confirm-within"},
        Row{"usage_no_function",
            {"upgrade", "1.1.0", "--root", "old", "--probe-mfa", "shop_health:check/1"},
            2,
            "arity 0"},
        Row{"unreachable_rollback",
            {"rollback", "--root", "old", "--node", "shop@127.0.0.1"},
            75,
            "127.0.0.1"}),
    [](const auto& test) { return test.param.name; });

// What the files say is a result, too.
TEST(ExitStatus, OfANodeThatIsDown) {
  const Workshop workshop;
  Call call{{"status", "--root", "old", "--node", "shop@127.0.0.1"}};
  call.environment = {no_epmd, "RELEASE_COOKIE=secret"};
  const Answer answer = workshop.call(call);
  EXPECT_EQ(answer.status, 75);
  EXPECT_THAT(answer.messages, HasSubstr("127.0.0.1"));
  EXPECT_THAT(answer.output, HasSubstr("what the files say"));
}

TEST(Streams, ResultsGoToOutputAndTheRestToMessages) {
  const Workshop workshop;
  const Answer diff = workshop.call({"diff", "old", "new"});
  EXPECT_THAT(diff.output, HasSubstr("shop 1.0.0 -> 1.1.0: "));
  EXPECT_THAT(diff.messages, IsEmpty());
  const Answer generate = workshop.call({"generate", "--from", "old", "--to", "new"});
  EXPECT_THAT(generate.output, IsEmpty());
  EXPECT_THAT(generate.messages, HasSubstr("wrote new/releases/1.1.0/relup\n"));
  EXPECT_THAT(workshop.call({"pack", "-q", "new", "-o", "new.tar.gz"}).messages, IsEmpty());
}

TEST(Streams, WhatCannotBePrintedIsAFailure) {
  const Workshop workshop;
  Call call{{"diff", "old", "new"}};
  call.output_is_full = true;
  const Answer answer = workshop.call(call);
  EXPECT_EQ(answer.status, 3);
  EXPECT_THAT(answer.messages, HasSubstr("cannot write the results"));
}

}  // namespace
}  // namespace relup::cmd
