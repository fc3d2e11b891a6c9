// SPDX-License-Identifier: Apache-2.0
//
// A module whose instructions are damaged is bad input, whoever comes upon it, and is named.
#include <gmock/gmock.h>

#include "cmd/workshop.hpp"
#include "support/compiled_modules.hpp"

namespace relup::cmd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Without debug information, so that its children are told from the instructions.
std::string supervisor(const std::string& child) {
  return "-module(shop_sup).\n-behaviour(supervisor).\n-export([init/1]).\n"
         "init(_) -> {ok, {#{}, [#{id => one, start => {" +
         child + ", go, []}}]}}.\n";
}

// In place of the first instruction there is a label with an operand of a kind that does not exist.
std::string damaged(std::string beam) {
  constexpr std::size_t head = 4 + 4;          // name and size of the chunk
  constexpr std::size_t code_header = 4 + 16;  // its size, and what that counts
  return beam.replace(beam.find("Code") + head + code_header, 2, "\x01\xF7");
}

class DamagedModule : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(DamagedModule, IsBadInput) {
  const auto modules = support::compile_modules(
      {{"old/shop_sup", supervisor("old")}, {"new/shop_sup", supervisor("new")}});
  support::SampleRelease old_release = old_shop();
  support::SampleRelease new_release = new_shop();
  old_release.applications[0].modules["shop_sup"] = modules.at("old/shop_sup");
  new_release.applications[0].modules["shop_sup"] = damaged(modules.at("new/shop_sup"));
  Workshop workshop;
  support::write_release(real_file_system(), workshop.path() + "/old", old_release);
  support::write_release(real_file_system(), workshop.path() + "/new", new_release);

  // lint has something to compare the releases for.
  workshop.write("new/lib/shop-1.1.0/ebin/shop.appup",
                 R"({"1.1.0", [{"1.0.0", [{update, shop_sup, supervisor}]}], [{"1.0.0", []}]}.)");

  const Answer answer = workshop.call(GetParam());
  EXPECT_EQ(answer.status, 3) << answer.output;
  EXPECT_THAT(answer.messages, AllOf(HasSubstr("shop_sup.beam"), HasSubstr("BEAM file")));
}

INSTANTIATE_TEST_SUITE_P(
    Verbs, DamagedModule,
    ::testing::Values(std::vector<std::string>{"diff", "old", "new"},
                      std::vector<std::string>{"generate", "--from", "old", "--to", "new"},
                      std::vector<std::string>{"lint", "new", "--from", "old", "--to", "new"}),
    [](const auto& test) { return test.param.front(); });

}  // namespace
}  // namespace relup::cmd
