// SPDX-License-Identifier: Apache-2.0
//
// What `check` tells of supervisors, by the files of both releases and the script between them.
#include <gmock/gmock.h>

#include "change/live_data_findings.hpp"
#include "change/purge_warnings.hpp"
#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"

namespace relup::change {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string supervisor(const std::string& argument, const std::string& init,
                       const std::string& children) {
  return "-module(boss).\n-behaviour(supervisor).\n-export([start_link/0, init/1]).\n"
         "start_link() -> supervisor:start_link({local, boss}, ?MODULE, " +
         argument + ").\ninit(" + init + ") -> {ok, {#{}, [" + children + "]}}.\n";
}

const std::map<std::string, std::string>& compiled() {
  static const auto modules = [] {
    const std::string cart = "#{id => cart, start => {cart, start_link, []}}";
    const std::string tables =
        "-module(tables).\n-export([make/0]).\nmake() -> ets:new(prices, [named_table]).\n";
    return support::compile_modules(
        {{"plain/boss", supervisor("[]", "[]", "")},
         {"cart/boss", supervisor("[]", "[]", cart)},
         {"argument/boss", supervisor("{x, 1}", "{x, _}", "")},
         {"x/tables", tables},
         {"effect/boss",
          "-module(boss).\n-behaviour(supervisor).\n-export([start_link/0, init/1]).\n"
          "start_link() -> supervisor:start_link({local, boss}, ?MODULE, []).\n"
          "init([]) -> tables:make(), {ok, {#{}, []}}.\n"}});
  }();
  return modules;
}

class SupervisionWarnings : public ::testing::Test {
 protected:
  // Of the script that leads from one supervisor to another; by default of its update.
  LiveDataFindings found(const std::string& before, const std::string& after,
                         const std::string& steps = update,
                         appup::Direction direction = appup::Direction::up) {
    const bool up = direction == appup::Direction::up;
    const auto release = [](const std::string& version, const std::string& boss) {
      support::SampleApplication shop{"shop", version};
      shop.modules = {{"boss", compiled().at(boss + "/boss")},
                      {"tables", compiled().at("x/tables")}};
      return support::SampleRelease{version, {shop}};
    };
    support::write_release(files_, "/from", release(up ? "1.0" : "2.0", before));
    support::write_release(files_, "/to", release(up ? "2.0" : "1.0", after));
    const std::string entry = "[{\"1.0\", [], [point_of_no_return, " + steps + "]}]";
    const std::string relup =
        up ? "{\"2.0\", " + entry + ", []}." : "{\"2.0\", [], " + entry + "}.";
    ProposedChange change;
    change.from = up ? "1.0" : "2.0";
    change.to = up ? "2.0" : "1.0";
    change.old_release = load("/from");
    change.new_release = load("/to");
    change.script = up ? host::find_script("1.0", "2.0", std::nullopt, relup)
                       : host::find_script("2.0", "1.0", relup, std::nullopt);
    return live_data_findings(change);
  }

  static inline const std::string update =
      "{suspend, [boss]}, {load, {boss, soft_purge, soft_purge}}, {code_change, up, [{boss, []}]}, "
      "{resume, [boss]}";

 private:
  release::ReleaseTree load(const std::string& root) {
    return release::load_release(release::resolve_reference(files_, root), {});
  }

  support::MemoryFileSystem files_;
};

TEST_F(SupervisionWarnings, NameChildrenThatNobodyStarts) {
  EXPECT_THAT(found("plain", "cart").warnings,
              ElementsAre(AllOf(HasSubstr("boss lists other children: new cart"),
                                HasSubstr("restart_child,[boss,cart]"))));
}

TEST_F(SupervisionWarnings, AreGoneOnceTheyAreStarted) {
  EXPECT_THAT(
      found("plain", "cart", update + ", {apply, {supervisor, restart_child, [boss, cart]}}")
          .warnings,
      IsEmpty());
}

TEST_F(SupervisionWarnings, NameChildrenThatNobodyStopsOnTheWayDown) {
  const auto warnings = found("cart", "plain", update, appup::Direction::down).warnings;
  EXPECT_THAT(warnings, ElementsAre(AllOf(HasSubstr("boss lists other children: gone cart"),
                                          HasSubstr("terminate_child,[boss,cart]"))));
}

TEST_F(SupervisionWarnings, NameASupervisorThatIsOnlyLoaded) {
  EXPECT_THAT(found("plain", "cart", "{load, {boss, soft_purge, soft_purge}}").warnings,
              ElementsAre(HasSubstr("boss is a supervisor and is only loaded")));
}

TEST_F(SupervisionWarnings, NameAnArgumentThatInitDoesNotTake) {
  EXPECT_THAT(found("plain", "argument").warnings,
              ElementsAre(HasSubstr("calls init/1 of boss with []")));
}

TEST_F(SupervisionWarnings, NameWhatInitDoesOneModuleAway) {
  EXPECT_THAT(found("plain", "effect").warnings,
              ElementsAre(HasSubstr("calls tables:make/0, which calls ets:new/2")));
}

TEST_F(SupervisionWarnings, LeaveOutAnApplicationThatRestarts) {
  EXPECT_THAT(found("plain", "cart",
                    "{apply, {application, stop, [shop]}}, {remove, {boss, soft_purge, "
                    "soft_purge}}, {load, {boss, soft_purge, soft_purge}}, {apply, {application, "
                    "start, [shop, permanent]}}")
                  .warnings,
              IsEmpty());
}

TEST(PurgeWarnings, AreForOtpsEngine) {
  const std::string relup =
      "{\"2.0\", [{\"1.0\", [], [point_of_no_return, {remove, {till, brutal_purge, "
      "brutal_purge}}, {purge, [till]}, {load, {till, brutal_purge, brutal_purge}}]}], []}.";
  const auto script = host::find_script("1.0", "2.0", std::nullopt, relup);
  EXPECT_THAT(purge_warnings(*script, Engine::otp),
              ElementsAre(HasSubstr("the script purges till: OTP's engine kills")));
  EXPECT_THAT(purge_warnings(*script, Engine::relup), IsEmpty());
}

}  // namespace
}  // namespace relup::change
