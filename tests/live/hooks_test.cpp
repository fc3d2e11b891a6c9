// SPDX-License-Identifier: Apache-2.0
//
// The operator's commands at the moments of a change of a real node: what they see, what their
// failure does, and that a relup which one of them calls is refused.

#include <filesystem>
#include <fstream>

#include "base/file_system.hpp"
#include "live_test.hpp"

namespace relup::live_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LiveHooksTest : public LiveTest {
 protected:
  LiveHooksTest() { start(standard_builds()); }

  // relup.yaml of the root, with these hooks.
  void configure(const std::string& hooks) {
    const std::string file = (site_.root() / "relup.yaml").string();
    std::ofstream(file) << "host:\n  hooks:\n" << hooks;
    std::filesystem::permissions(file, std::filesystem::perms(0644));
  }
  std::string written(const std::string& name) {
    return real_file_system().read_if_exists((site_.directory() / name).string()).value_or("");
  }
  std::string place(const std::string& name) { return (site_.directory() / name).string(); }
};

TEST_F(LiveHooksTest, SeeTheirThreeDescriptorsAndNoSecrets) {
  configure("    before-install: ls /proc/self/fd > " + place("fds") + "; env > " + place("env") +
            "; cat > " + place("plan") + "\n    before-commit: echo well; ls /proc/self/fd\n");
  const RelupResult done = relup({"upgrade", "1.1.0", "--progress", "plain"});
  EXPECT_THAT(done.errors, HasSubstr("well"));
  // 3 is the directory that ls reads.
  EXPECT_EQ(written("fds"), "0\n1\n2\n3\n");
  EXPECT_THAT(written("env"), AllOf(HasSubstr("RELUP_VERSION=1.1.0"), HasSubstr("PATH="),
                                    Not(HasSubstr("COOKIE")), Not(HasSubstr("ERL_"))));
  const auto plan = nlohmann::json::parse(written("plan"));
  EXPECT_EQ(plan.at("from"), "1.0.0");
  EXPECT_EQ(plan.at("root"), site_.root().string());
  expect_running("1.1.0", "1.1.0");
}

TEST_F(LiveHooksTest, RefuseTheInstallAndTheCommit) {
  configure("    before-install: echo not on a Friday; exit 3\n");
  const RelupResult refused = relup({"upgrade", "1.1.0"}, 1);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("not on a Friday"), HasSubstr("ended with 3")));
  expect_running("1.0.0", "1.0.0");
  configure("    before-commit: exit 4\n    after-rollback: echo $RELUP_VERSION > " +
            place("back") + "\n");
  relup({"upgrade", "1.1.0"}, 7);
  expect_running("1.1.0", "1.0.0");
  relup({"rollback"});
  EXPECT_EQ(written("back"), "1.0.0\n");
  expect_running("1.0.0", "1.0.0");
}

TEST_F(LiveHooksTest, CannotCallARelupThatChangesTheRoot) {
  configure("    before-install: " + std::string(RELUP_PROGRAM) + " upgrade 1.1.0 --root " +
            site_.root().string() + "; echo it was $?\n");
  const RelupResult done = relup({"upgrade", "1.1.0"});
  EXPECT_THAT(done.errors,
              AllOf(HasSubstr("another relup works on"), HasSubstr("(relup upgrade 1.1.0), user "),
                    HasSubstr(", since 20"), HasSubstr("it was 75")));
  expect_running("1.1.0", "1.1.0");
}

TEST_F(LiveHooksTest, OfAFileThatIsWrongAreAWrongCall) {
  configure("    before-instal: true\n");
  for (const char* verb : {"check", "upgrade"}) {
    EXPECT_THAT(relup({verb, "1.1.0"}, 2).errors,
                AllOf(HasSubstr("relup.yaml"), HasSubstr("did you mean `before-install`?")));
  }
  expect_running("1.0.0", "1.0.0");
}

}  // namespace
}  // namespace relup::live_tests
