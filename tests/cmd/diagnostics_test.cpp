// SPDX-License-Identifier: Apache-2.0
//
// What people see of a file that is cut off or wrong, on terminals of two widths; and that nothing
// in a file or in its name can drive the terminal.
#include <gmock/gmock.h>

#include "cmd/workshop.hpp"
#include "support/golden.hpp"

namespace relup::cmd {
namespace {

using ::testing::HasSubstr;

struct Damage {
  const char* name;
  const char* file;
  const char* cut_after;  // the file ends after this text
  std::vector<std::string> arguments;
};

const std::vector<std::string> compile{"compile",        "new/releases/1.1.0/shop.rel",
                                       "--from",         "old/releases/1.0.0/shop.rel",
                                       "--path",         "new/lib/*/ebin",
                                       "old/lib/*/ebin", "--dry-run"};
const std::vector<std::string> diff{"diff", "old", "new"};
const std::vector<std::string> generate{"generate", "--from", "old", "--to", "new"};

class TruncatedFile : public ::testing::TestWithParam<Damage> {
 protected:
  Workshop workshop_;
};

TEST_P(TruncatedFile, IsShownWithItsPlace) {
  const Damage& damage = GetParam();
  workshop_.call(generate);
  const std::string text = workshop_.read(damage.file);
  const std::size_t at = text.find(damage.cut_after);
  ASSERT_NE(at, std::string::npos) << text;
  workshop_.write(damage.file, text.substr(0, at + std::string(damage.cut_after).size()));
  for (const int columns : {80, 40}) {
    Call call{damage.arguments};
    call.message_columns = columns;
    call.environment = {"TERM=xterm", "NO_COLOR=1"};
    const Answer answer = workshop_.call(call);
    EXPECT_EQ(answer.status, 3);
    support::expect_golden(
        "diagnostics/" + std::string(damage.name) + "-" + std::to_string(columns) + ".txt",
        answer.messages);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, TruncatedFile,
    ::testing::Values(
        Damage{"compile-app", "new/lib/shop-1.1.0/ebin/shop.app", "{modules, [", compile},
        Damage{"compile-appup", "new/lib/shop-1.1.0/ebin/shop.appup",
               "{update, shop_server, dynamic,", compile},
        Damage{"compile-rel", "new/releases/1.1.0/shop.rel", "{kernel,", compile},
        Damage{"diff-app", "new/lib/shop-1.1.0/ebin/shop.app", "{modules, [", diff},
        Damage{"diff-rel", "new/releases/1.1.0/shop.rel", "{kernel,", diff},
        Damage{"diff-beam", "new/lib/shop-1.1.0/ebin/shop_price.beam", "BEAMAtU8", diff},
        Damage{"generate-appup", "new/lib/shop-1.1.0/ebin/shop.appup", "%% upgrade from\n",
               generate}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

// In a long line the wrong place is in sight, whatever the width.
TEST(LongLine, IsCutAroundThePlace) {
  const Workshop workshop;
  const std::string appup = R"({"1.1.0", [{"1.0.0", [{load_module, shop_price}, )"
                            R"({load_module, shop_server, soft_purge, hard_purge, []}]}], []}.)";
  workshop.write("new/lib/shop-1.1.0/ebin/shop.appup", appup);
  for (const int columns : {80, 40}) {
    Call call{{"compile", "new/releases/1.1.0/shop.rel", "--up-from", "old/releases/1.0.0/shop.rel",
               "--path", "new/lib/*/ebin", "old/lib/*/ebin"}};
    call.message_columns = columns;
    call.environment = {"TERM=xterm", "NO_COLOR=1"};
    support::expect_golden("diagnostics/long-line-" + std::to_string(columns) + ".txt",
                           workshop.call(call).messages);
  }
}

bool is_harmless(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value == '\n' || (value >= 0x20 && value != 0x7F);
  });
}

const std::string evil = "\033]0;owned\007\033[2J\r\b\177";

std::string spelled(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    const char* digits = "0123456789abcdef";
    text += std::string("\\x{") + digits[value >> 4U] + digits[value & 15U] + "}";
  }
  return text;
}

void expect_harmless(const Workshop& workshop, const std::vector<std::string>& arguments) {
  Call call{arguments};
  call.output_columns = 80;
  call.message_columns = 80;
  call.environment = {"TERM=xterm", "NO_COLOR=1"};
  const Answer answer = workshop.call(call);
  EXPECT_TRUE(is_harmless(answer.output)) << ::testing::PrintToString(answer.output);
  EXPECT_TRUE(is_harmless(answer.messages)) << ::testing::PrintToString(answer.messages);
  EXPECT_FALSE((answer.output + answer.messages).empty());
}

TEST(Terminal, IsNotDrivenByFileNames) {
  const Workshop workshop;
  support::write_release(real_file_system(), workshop.path() + "/" + evil, old_shop());
  expect_harmless(workshop, {"diff", evil, "nowhere"});
  expect_harmless(workshop, {"diff", "old", "nowhere" + evil});
  expect_harmless(workshop, {"generate", "--from", "new", "--to", evil});
  expect_harmless(workshop,
                  {"generate", "--from", "new", "--to", "old", "--out", evil, "--dry-run"});
  expect_harmless(workshop, {"pack", evil, "-o", evil + ".tar.gz"});
  expect_harmless(workshop, {"compile", evil + ".rel"});
  expect_harmless(workshop, {"status", "--root", evil});
  expect_harmless(workshop, {evil});
  expect_harmless(workshop, {"diff", "--" + evil});
}

TEST(Terminal, IsNotDrivenByFileContents) {
  const Workshop workshop;
  support::SampleRelease strange = new_shop();
  strange.applications.push_back({"till", "2" + spelled(evil)});
  strange.applications[0].modules["m" + evil] = strange.applications[0].modules.at("shop_price");
  support::write_release(real_file_system(), workshop.path() + "/strange", strange);
  EXPECT_EQ(workshop.call({"diff", "old", "strange"}).status, 0);
  expect_harmless(workshop, {"diff", "old", "strange"});
  workshop.write("new/lib/shop-1.1.0/ebin/shop.appup",
                 "{\"1.1.0\", [{\"1.0.0\", [{load_module, '" + evil + "'}]}], []}. \033[31m");
  expect_harmless(workshop, compile);
  expect_harmless(workshop, generate);
  workshop.write("new/releases/1.1.0/shop.rel", "{release, " + evil);
  expect_harmless(workshop, diff);
  expect_harmless(workshop, compile);
  workshop.write("old/releases/start_erl.data", "13 " + evil);
  expect_harmless(workshop, diff);
  expect_harmless(workshop, {"status", "--root", "old"});
}

}  // namespace
}  // namespace relup::cmd
