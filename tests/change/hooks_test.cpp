// SPDX-License-Identifier: Apache-2.0
//
// The operator's commands at the moments of a change, run by a real shell: what they read and see,
// in which order they run, and what their failure does.

#include <csignal>

#include <nlohmann/json.hpp>

#include "change/change_test.hpp"
#include "support/json_schema.hpp"
#include "support/temporary_directory.hpp"
#include "term/printer.hpp"

namespace relup::change {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HooksTest : public ChangeTest {
 protected:
  void set(policy::Hook hook, const std::string& command) {
    settings_.hooks.at(static_cast<std::size_t>(hook)).value = command;
  }
  // Each hook writes its name here; the one named, if any, then fails.
  void log_all(const std::string& failing = "") {
    for (const policy::Hook hook : policy::all_hooks) {
      set(hook, "echo $RELUP_HOOK >> " + log() + "; cat > " + log() +
                    ".$RELUP_HOOK; test $RELUP_HOOK != '" + failing + "'");
    }
  }
  std::string log() const { return place_.path().string() + "/log"; }
  std::string logged() { return real_file_system().read_if_exists(log()).value_or(""); }
  json read_by(const std::string& hook) {
    return json::parse(real_file_system().read(log() + "." + hook));
  }

  support::TemporaryDirectory place_;
};

TEST_F(HooksTest, RunInTheirOrderAndReadWhatIsPlanned) {
  log_all();
  EXPECT_TRUE(upgrade().committed);
  EXPECT_EQ(logged(), "before-install\nafter-install\nbefore-commit\n");
  const json plan = read_by("before-install");
  EXPECT_THAT(support::schema_faults("hook.schema.json", plan), IsEmpty()) << plan;
  EXPECT_EQ(plan["verb"], "upgrade");
  EXPECT_EQ(plan["from"], "1.0.0");
  EXPECT_EQ(plan["to"], "1.1.0");
  EXPECT_EQ(plan["root"], root);
  EXPECT_EQ(plan["node"], "shop@127.0.0.1");
  EXPECT_EQ(plan["because"], nullptr);
  EXPECT_THAT(plan["script"]["loads"].get<std::vector<std::string>>(), Contains("shop_price"));
  EXPECT_EQ(read_by("before-commit")["hook"], "before-commit");
}

TEST_F(HooksTest, AreHeardAsTheySpeak) {
  set(policy::Hook::after_install, "echo warm; echo 'and well' >&2");
  upgrade();
  EXPECT_THAT(progress_.said, ElementsAre("warm", "and well"));
  EXPECT_THAT(progress_.steps, Contains("hook"));
}

TEST_F(HooksTest, BeforeTheInstallRefusesIt) {
  log_all("before-install");
  const Snapshot before = snapshot();
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::answer_is_no);
  EXPECT_THAT(error->message(), AllOf(HasSubstr("the hook before-install ended with 1"),
                                      HasSubstr("the install was not begun")));
  EXPECT_EQ(logged(), "before-install\n");
  EXPECT_EQ(model_.running(), "1.0.0");
  EXPECT_EQ(count("release_handler:install_release"), 0U);
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
}

TEST_F(HooksTest, AfterTheInstallCanOnlyBeNoted) {
  log_all("after-install");
  const Outcome outcome = upgrade();
  EXPECT_TRUE(outcome.committed);
  EXPECT_THAT(outcome.notes, Contains(HasSubstr("the hook after-install ended with 1")));
}

TEST_F(HooksTest, BeforeTheCommitLeavesItUncommitted) {
  log_all("before-commit");
  const auto error = error_of([&] { upgrade(); });
  EXPECT_EQ(error->code(), ErrorCode::uncommitted);
  EXPECT_THAT(error->message(), HasSubstr("the hook before-commit ended with 1"));
  EXPECT_EQ(model_.running(), "1.1.0");
  EXPECT_EQ(count("release_handler:make_permanent"), 0U);
  // So it is asked by the commit as well.
  EXPECT_EQ(error_of([&] { installer().commit(); })->code(), ErrorCode::uncommitted);
  log_all();
  EXPECT_TRUE(installer().commit().committed);
  EXPECT_EQ(read_by("before-commit")["verb"], "commit");
}

TEST_F(HooksTest, AfterARollbackSayWhatCameOfIt) {
  upgrade(CommitWhen::later);
  log_all();
  installer().rollback();
  EXPECT_EQ(logged(), "after-rollback\n");
  const json told = read_by("after-rollback");
  EXPECT_THAT(support::schema_faults("hook.schema.json", told), IsEmpty()) << told;
  EXPECT_EQ(told["verb"], "rollback");
  EXPECT_EQ(told["to"], "1.0.0");
}

TEST_F(HooksTest, AfterAChangeThatAProbeTookBack) {
  log_all();
  settings_.probe_commands.value = {};
  shell_ = [](const auto&, const auto&) { return ShellResult{ShellEnd::exited, 22}; };
  ChangeRequest probed{"1.1.0"};
  probed.probes.commands = {"curl"};
  EXPECT_EQ(error_of([&] { installer().change(probed); })->code(), ErrorCode::rolled_back);
  EXPECT_EQ(logged(), "before-install\nafter-install\nafter-rollback\n");
  EXPECT_THAT(read_by("after-rollback")["because"].get<std::string>(), HasSubstr("1.0.0"));
}

// What before-install has begun outside is taken back, also when it was the last that was heard.
TEST_F(HooksTest, AfterAChangeThatWasInterruptedBeforeItsInstall) {
  log_all();
  interruption_.on_question = [&] {
    if (!logged().empty()) interruption_.number = SIGTERM;
  };
  EXPECT_EQ(error_of([&] { upgrade(); })->code(), ErrorCode::interrupted);
  EXPECT_EQ(logged(), "before-install\nafter-rollback\n");
  EXPECT_EQ(count("release_handler:install_release"), 0U);
}

TEST_F(HooksTest, EndWhenTheirTimeIsOver) {
  settings_.hook_timeout.value = Milliseconds{200};
  set(policy::Hook::before_install, "sleep 600");
  EXPECT_THAT(error_of([&] { upgrade(); })->message(), HasSubstr("did not end within 200 ms"));
}

TEST_F(HooksTest, RunWhileTheRootIsLocked) {
  std::optional<Error> nested;
  shell_ = [&](const auto&, const auto&) {
    nested = error_of([&] { installer().commit(); });
    return ShellResult{};
  };
  ChangeRequest probed{"1.1.0"};
  probed.probes.commands = {"relup commit"};
  installer().change(probed);
  ASSERT_TRUE(nested);
  EXPECT_EQ(nested->code(), ErrorCode::unavailable);
  EXPECT_THAT(nested->message(), HasSubstr("pid 1 (test)"));
}

TEST_F(HooksTest, ATimeForSuspendingGoesIntoTheScript) {
  std::string relup = files_.read("/build/shop/releases/1.1.0/relup");
  const std::string point = "point_of_no_return,";
  for (std::size_t at = relup.find(point); at != std::string::npos; at = relup.find(point, at + 1))
    relup.insert(at + point.size(),
                 "{suspend,[shop_server,{shop_price,700}]},{resume,[shop_server,shop_price]},");
  replace_in_tarball(files_, "releases/1.1.0/relup", relup);
  settings_.suspend_timeout.value = Milliseconds{12'000};
  ChangeRequest confirmed{"1.1.0"};
  confirmed.commit = CommitWhen::later;
  confirmed.confirm_within = Milliseconds{600'000};
  installer().change(confirmed);
  const Term how = model_.confirmation->as_tuple()->back().as_tuple()->front();
  EXPECT_THAT(print((*how.as_tuple())[1]),
              HasSubstr("{suspend,[{shop_server,12000},{shop_price,700}]}"));
}

}  // namespace
}  // namespace relup::change
