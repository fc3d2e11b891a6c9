// SPDX-License-Identifier: Apache-2.0
//
// What an install does that the release handler says nothing of: an application that fails to take
// its new settings, and a logger that loses what writes its messages.

#include "live/support/source_variant.hpp"
#include "live_test.hpp"
#include "term/printer.hpp"
#include "term/term.hpp"

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto setting = "{port_file, \"tally.port\"}";

// What the test has put there decides how the application takes its settings.
constexpr auto config_change = R"(stop(_State) ->
    ok.

config_change(_Changed, New, _Removed) ->
    case persistent_term:get(tally_mood, good) of
        good -> ok;
        bad -> error({unwelcome, New});
        sad -> {error, New}
    end.
)";

class ConfigChangeTest : public LiveTest {
 protected:
  ConfigChangeTest() { start(builds()); }

  static BuildMachine& builds() {
    static SourceVariant sources(tools().testdata);
    static BuildMachine made(sources.with(tools()));
    static const bool once = [] {
      const std::string app = "1.1.0/src/tally_app.erl";
      sources.replace(app, "-export([start/2, stop/1]).",
                      "-export([start/2, stop/1, config_change/3]).");
      sources.replace(app, "stop(_State) ->\n    ok.\n", config_change);
      sources.replace("1.1.0/config/sys.config", setting,
                      std::string(setting) + ",\n        {greeting, <<\"hunter2\">>}");
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }

  void set_mood(const char* mood) {
    connect()->call("persistent_term", "put", {Term::atom("tally_mood"), Term::atom(mood)}, 9s);
  }
};

TEST_F(ConfigChangeTest, WhereItCrashesTheOperatorHearsOfIt) {
  set_mood("bad");
  const RelupResult upgraded = relup({"upgrade", "1.1.0"});
  EXPECT_THAT(
      upgraded.errors,
      AllOf(
          HasSubstr("config_change/3 of tally has crashed: unwelcome [tuple/2] at tally_app.erl:"),
          Not(HasSubstr("hunter2"))));
  expect_running("1.1.0", "1.1.0");
}

TEST_F(ConfigChangeTest, WhereItAnswersAnErrorTheOperatorHearsOfIt) {
  set_mood("sad");
  const RelupResult upgraded = relup({"upgrade", "1.1.0", "--no-commit"});
  EXPECT_THAT(upgraded.errors,
              AllOf(HasSubstr("config_change/3 of tally did not answer ok but an error: [tuple/2]"),
                    Not(HasSubstr("hunter2"))));
}

TEST_F(ConfigChangeTest, WhereItIsFineNothingIsSaid) {
  EXPECT_THAT(relup({"upgrade", "1.1.0"}).errors, Not(HasSubstr("config_change")));
}

// 1.0.0 writes its log with a module that 1.1.0 does not have.
class FormatterTest : public LiveTest {
 protected:
  explicit FormatterTest(const BuildMachine& builds) { start(builds); }
  FormatterTest() : FormatterTest(without_a_word()) {}

  static SourceVariant& sources() {
    static SourceVariant all(tools().testdata);
    static const bool once = [] {
      write_file(all.directory() / "tally/1.0.0/src/tally_log.erl",
                 "-module(tally_log).\n-export([format/2]).\n"
                 "format(#{level := Level}, _) -> io_lib:format(\"~p~n\", [Level]).\n");
      for (const std::string version : {"1.0.0", "1.1.0"}) {
        const std::string formatter = version == "1.0.0" ? "tally_log" : "logger_formatter";
        all.replace(version + "/config/sys.config", "    {tally, [",
                    "    {kernel, [{logger, [{handler, default, logger_std_h, #{formatter => {" +
                        formatter + ", #{}}}}]}]},\n    {tally, [");
      }
      return true;
    }();
    (void)once;
    return all;
  }

  static BuildMachine& without_a_word() {
    static BuildMachine made(sources().with(tools()));
    static const bool once = [] {
      made.make_tarball();
      return true;
    }();
    (void)once;
    return made;
  }

  bool has_code(const char* module) {
    return connect()
        ->call("code", "ensure_loaded", {Term::atom(module)}, 9s)
        .is_tagged("module", 2);
  }

  std::string formatter() {
    const Term config =
        connect()->call("logger", "get_handler_config", {Term::atom("default")}, 9s);
    return print(config);
  }
};

TEST_F(FormatterTest, WithoutRelupItsCodeIsGoneAndTheLoggerStillCallsIt) {
  const auto handle = [&](const char* function, const char* argument) {
    const Term answer = connect()->call("release_handler", function, {Term::string(argument)}, 60s);
    EXPECT_FALSE(answer.is_tagged("error", 2)) << function;
  };
  handle("unpack_release", "tally-1.1.0");
  handle("install_release", "1.1.0");
  EXPECT_THAT(formatter(), HasSubstr("formatter => {tally_log,"));
  EXPECT_FALSE(has_code("tally_log"));
}

TEST_F(FormatterTest, RelupRefusesToTakeItsCodeAway) {
  const std::string sentence =
      "the formatter of the logger's handler default is tally_log, which 1.1.0 does not have";
  const std::string checked = relup({"check", "1.1.0"}, 1).output;
  EXPECT_THAT(checked, HasSubstr(sentence));
  EXPECT_THAT(checked, HasSubstr("the setting `logger` of kernel changes"));
  EXPECT_THAT(relup({"upgrade", "1.1.0"}, 1).errors, HasSubstr(sentence));
  expect_running("1.0.0", "1.0.0");
  EXPECT_TRUE(has_code("tally_log"));
}

// With an appup that tells the logger.
class ToldLoggerTest : public FormatterTest {
 protected:
  ToldLoggerTest() : FormatterTest(builds()) {}

  static BuildMachine& builds() {
    static BuildMachine made(sources().with(tools()));
    static const bool once = [] {
      made.build();
      must_succeed(made.generate());
      const auto file = made.new_root() / "lib/tally-1.1.0/ebin/tally.appup";
      const std::string removal = "{remove, {tally_log, soft_purge, soft_purge}}";
      replace_in_file(file, removal,
                      "{apply, {logger, remove_handler, [default]}},\n    " + removal);
      must_succeed(made.generate());
      must_succeed(made.pack());
      return true;
    }();
    (void)once;
    return made;
  }
};

TEST_F(ToldLoggerTest, AHandlerThatIsGoneIsTold) {
  const RelupResult upgraded = relup({"upgrade", "1.1.0"});
  EXPECT_THAT(upgraded.errors,
              HasSubstr("the logger's handler default was there before the install "
                        "and is gone"));
  EXPECT_THAT(upgraded.errors, HasSubstr("the setting `logger` of kernel changes"));
  expect_running("1.1.0", "1.1.0");
}

}  // namespace
}  // namespace relup::live_tests
