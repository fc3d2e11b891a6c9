// SPDX-License-Identifier: Apache-2.0
//
// The configuration of a release that is made of several files, as OTP reads them at a start: files
// that sys.config names relative to itself, and a second -config of the node.

#include <fstream>

#include "live_test.hpp"
#include "term/printer.hpp"

namespace relup::live_tests {
namespace {

using testing::HasSubstr;

class ConfigurationTest : public LiveTest {
 protected:
  // Of the application that both releases have.
  std::string setting(const std::string& key) {
    return print(connect()->call("application", "get_env", {Term::atom("tally"), Term::atom(key)},
                                 std::chrono::seconds(5)));
  }

  // Has the sys.config of the tarball name a file beside it, and that of the host, too.
  void name_a_file() {
    const support::TemporaryDirectory workshop("relup-workshop");
    shell("T=" + site_.tarball().string() + "; tar xzf $T; cd releases/1.1.0; " + named("new") +
              "; cd ../..; tar -I 'gzip -1' -cf again.tar.gz *; " + RELUP_PROGRAM +
              " pack again.tar.gz -o $T",
          workshop.path());
    shell("cd " + (site_.root() / "releases/1.0.0").string() + "; " + named("old"),
          workshop.path());
  }

  static std::string named(const std::string& value) {
    return "echo '[{tally, [{port, 0}, {port_file, \"tally.port\"}]}, \"further\"].' > sys.config; "
           "echo '[{tally, [{further, " +
           value + "}]}].' > further.config";
  }
};

TEST_F(ConfigurationTest, FilesThatSysConfigNamesLieBesideIt) {
  start(standard_builds());
  name_a_file();
  site_.node().restart();
  EXPECT_EQ(setting("further"), "{ok,old}");
  relup({"check", "1.1.0"});
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(setting("further"), "{ok,new}");
  site_.node().restart();
  EXPECT_EQ(setting("further"), "{ok,new}");
}

TEST_F(ConfigurationTest, AFileThatIsNotThereIsNamed) {
  start(standard_builds());
  name_a_file();
  site_.node().restart();
  relup({"upgrade", "1.1.0", "--no-commit"});
  relup({"rollback"});
  std::filesystem::remove(site_.root() / "releases/1.1.0/further.config");
  const RelupResult refused = relup({"upgrade", "1.1.0"}, 3);
  EXPECT_THAT(refused.errors, HasSubstr("releases/1.1.0/further.config: no such file"));
  expect_running("1.0.0", "1.0.0");
}

TEST_F(ConfigurationTest, ASecondFileOfTheNodeStaysInForce) {
  start(standard_builds());
  const std::string second = site_.root() / "etc.config";
  std::ofstream(second) << "[{tally, [{second, yes}]}].\n";
  site_.node().start_under({"env", "ERL_ZFLAGS=-config " + second});
  site_.node().restart();
  EXPECT_EQ(setting("second"), "{ok,yes}");
  relup({"upgrade", "1.1.0"});
  EXPECT_EQ(setting("second"), "{ok,yes}");
}

}  // namespace
}  // namespace relup::live_tests
