// SPDX-License-Identifier: Apache-2.0
//
// Colour where somebody looks, and nowhere else.
#include <gmock/gmock.h>

#include "cmd/workshop.hpp"

namespace relup::cmd {
namespace {

struct ColourCase {
  const char* name;
  bool is_terminal;
  std::vector<std::string> environment;
  std::vector<std::string> options;
  bool is_coloured;
};

class Colour : public ::testing::TestWithParam<ColourCase> {
 protected:
  Workshop workshop_;
};

bool has_escapes(const std::string& text) {
  return text.find('\033') != std::string::npos;
}

TEST_P(Colour, OfResults) {
  Call call{GetParam().options};
  call.arguments.insert(call.arguments.end(), {"diff", "old", "new"});
  call.environment = GetParam().environment;
  if (GetParam().is_terminal) call.output_columns = 80;
  const Answer answer = workshop_.call(call);
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(has_escapes(answer.output), GetParam().is_coloured) << answer.output;
}

TEST_P(Colour, OfMessages) {
  Call call{GetParam().options};
  call.arguments.insert(call.arguments.end(), {"diff", "old", "nowhere"});
  call.environment = GetParam().environment;
  if (GetParam().is_terminal) call.message_columns = 80;
  const Answer answer = workshop_.call(call);
  EXPECT_EQ(answer.status, 3);
  EXPECT_EQ(has_escapes(answer.messages), GetParam().is_coloured) << answer.messages;
}

INSTANTIATE_TEST_SUITE_P(
    All, Colour,
    ::testing::Values(
        ColourCase{"terminal", true, {"TERM=xterm"}, {}, true},
        ColourCase{"pipe", false, {"TERM=xterm"}, {}, false},
        ColourCase{"dumb_terminal", true, {"TERM=dumb"}, {}, false},
        ColourCase{"terminal_without_a_name", true, {}, {}, false},
        ColourCase{"no_color", true, {"TERM=xterm", "NO_COLOR=1"}, {}, false},
        ColourCase{"empty_no_color_does_not_count", true, {"TERM=xterm", "NO_COLOR="}, {}, true},
        ColourCase{"forced_on_a_pipe", false, {"TERM=xterm", "FORCE_COLOR=1"}, {}, true},
        ColourCase{"always_on_a_pipe", false, {"TERM=dumb"}, {"--color", "always"}, true},
        ColourCase{"always_against_no_color", true, {"NO_COLOR=1"}, {"--color=always"}, true},
        ColourCase{"never_on_a_terminal", true, {"TERM=xterm"}, {"--color", "never"}, false},
        ColourCase{"never_against_force", false, {"FORCE_COLOR=1"}, {"--color=never"}, false}),
    [](const auto& test) { return test.param.name; });

TEST(Colour, OneStreamDoesNotColourTheOther) {
  const Workshop workshop;
  Call call{{"diff", "old", "new"}};
  call.environment = {"TERM=xterm"};
  call.message_columns = 80;
  EXPECT_FALSE(has_escapes(workshop.call(call).output));
}

TEST(Json, IsNeverColoured) {
  const Workshop workshop;
  for (const char* first : {"old", "nowhere"}) {
    Call call{{"--color", "always", "--format", "json", "diff", first, "new"}};
    EXPECT_FALSE(has_escapes(workshop.call(call).output));
  }
}

}  // namespace
}  // namespace relup::cmd
