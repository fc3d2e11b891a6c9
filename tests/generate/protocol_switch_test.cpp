// SPDX-License-Identifier: Apache-2.0
#include "generate/protocol_switch.hpp"

#include <gmock/gmock.h>

#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::generate {
namespace {

using ::testing::ElementsAre;

std::string module_text(const std::string& name, const std::string& answer) {
  return "-module('" + name + "').\n-export([f/0]).\nf() -> " + answer + ".\n";
}

// A protocol Show, implemented for Cart in both releases and for Coupon in the new one. What the
// code does is of no interest here.
const std::map<std::string, std::string>& compiled() {
  static const auto modules = support::compile_modules({
      {"old/Elixir.Show", module_text("Elixir.Show", "1")},
      {"new/Elixir.Show", module_text("Elixir.Show", "2")},
      {"old/Elixir.Show.Cart", module_text("Elixir.Show.Cart", "1")},
      {"new/Elixir.Show.Cart", module_text("Elixir.Show.Cart", "2")},
      {"new/Elixir.Show.Coupon", module_text("Elixir.Show.Coupon", "1")},
  });
  return modules;
}

class ProtocolSwitchTest : public ::testing::Test {
 protected:
  ProtocolSwitchTest() {
    write("old", "1.0");
    write("new", "2.0");
    trees_ = release::load_releases(files_, {"/old", "/new"}, {});
    diff_ = diff::compare_releases(trees_.front(), trees_.back());
  }

  void write(const std::string& side, const std::string& version) {
    support::SampleApplication shop{"shop", version};
    for (const auto& [key, bytes] : compiled()) {
      if (key.starts_with(side + "/") && key.find('.', 12) != std::string::npos)
        shop.modules[key.substr(4)] = bytes;
    }
    support::write_release(files_, "/" + side, {version, {shop}});
    support::write_file(files_,
                        "/" + side + "/releases/" + version + "/consolidated/Elixir.Show.beam",
                        compiled().at(side + "/Elixir.Show"));
  }

  // The steps of `text` after the switch, in short.
  std::vector<std::string> switched(const std::string& text, std::size_t target) const {
    Script script;
    const Term terms = parse_single_term("script", "[" + text + "].");
    for (const Term& term : *terms.as_list())
      script.push_back(
          {std::get<appup::Action>(appup::read_instruction(term)), nullptr, term.span()});
    switch_protocols(diff_, trees_[target], script);
    std::vector<std::string> steps;
    for (const appup::Instruction& step : script)
      steps.push_back(in_short(step.action));
    return steps;
  }

  static std::string in_short(const appup::Action& action) {
    if (const auto* load = std::get_if<appup::Load>(&action)) return "load " + load->module.name();
    if (const auto* remove = std::get_if<appup::Remove>(&action))
      return "remove " + remove->module.name();
    if (const auto* apply = std::get_if<appup::Apply>(&action)) {
      const Term::Elements& arguments = *apply->arguments.as_list();
      const bool is_load = apply->function == "load_binary";
      return apply->function.name() + " " + arguments.front().as_atom()->name() +
             (is_load ? " of " + arguments[1].text().value() : "");
    }
    return print(appup::to_term(action));
  }

  support::MemoryFileSystem files_;
  std::vector<release::ReleaseTree> trees_;
  diff::ReleaseDiff diff_;
};

TEST_F(ProtocolSwitchTest, ComesBehindANewImplementationAndBeforeItsUsers) {
  EXPECT_THAT(
      switched("point_of_no_return, {load, {'Elixir.Show.Coupon', soft_purge, soft_purge}}, "
               "{load, {shop, soft_purge, soft_purge}}, "
               "{load, {'Elixir.Show.Cart', soft_purge, soft_purge}}",
               1),
      ElementsAre("point_of_no_return", "load Elixir.Show.Coupon",
                  "load_binary Elixir.Show of releases/2.0/consolidated/Elixir.Show.beam",
                  "soft_purge Elixir.Show", "load shop", "load Elixir.Show.Cart"));
}

TEST_F(ProtocolSwitchTest, ComesBeforeAnImplementationThatGoes) {
  EXPECT_THAT(switched("point_of_no_return, {load, {shop, soft_purge, soft_purge}}, "
                       "{remove, {'Elixir.Show.Coupon', soft_purge, soft_purge}}",
                       0),
              ElementsAre("point_of_no_return", "load shop",
                          "load_binary Elixir.Show of releases/1.0/consolidated/Elixir.Show.beam",
                          "soft_purge Elixir.Show", "remove Elixir.Show.Coupon"));
}

TEST_F(ProtocolSwitchTest, ReplacesTheProtocolThatAnAppupLoads) {
  EXPECT_THAT(switched("point_of_no_return, {load, {'Elixir.Show', soft_purge, soft_purge}}", 1),
              ElementsAre("point_of_no_return", "load Elixir.Show",
                          "load_binary Elixir.Show of releases/2.0/consolidated/Elixir.Show.beam",
                          "soft_purge Elixir.Show"));
}

TEST_F(ProtocolSwitchTest, LeavesAScriptAloneThatStartsANewEmulator) {
  EXPECT_THAT(switched("restart_new_emulator, point_of_no_return", 1),
              ElementsAre("restart_new_emulator", "point_of_no_return"));
}

}  // namespace
}  // namespace relup::generate
