// SPDX-License-Identifier: Apache-2.0
//
// What stands against a change: `check` tells all of it and changes nothing, and `upgrade` refuses
// in the same words. A table has a host or a node for each kind of objection.
#include "change/objections.hpp"

#include <gmock/gmock.h>

#include "change/change_test.hpp"
#include "change/check.hpp"

namespace relup::change {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

const std::string build_relup = "/build/shop/releases/1.1.0/relup";

Term some_process() {
  return Term::tuple(
      {Term::binary("<0.8.0>"), Term::binary(""), Term::binary("shop_sup"), Term::binary("shop")});
}

Term tree_difference(const char* kind, const char* module, const char* detail) {
  return Term::list({Term::tuple({Term::atom(kind), Term::atom(module), Term::binary(detail),
                                  Term(std::int64_t{1}), Term::list({some_process()})})});
}

class ObjectionsTest : public ChangeTest {
 public:
  CheckResult check(const ChangeRequest& request = {"1.1.0"}) {
    const auto channel = model_.connect();
    return check_change(files_, clock_, host::read_host(files_, root, "test"), *channel, request);
  }

  static std::vector<ObjectionKind> kinds(const CheckResult& result) {
    std::vector<ObjectionKind> found;
    for (const auto& objection : result.objections)
      found.push_back(objection->kind());
    return found;
  }

  // The node knows the new release.
  void make_known() {
    unpack_by_hand(files_);
    model_.releases.push_back({"1.1.0", "unpacked"});
    model_.write_releases_file();
  }

  // Packs the new release with another relup.
  void change_relup(const std::string& from, const std::string& to) {
    std::string relup = files_.read(build_relup);
    ASSERT_NE(relup.find(from), std::string::npos) << relup;
    for (std::size_t at = 0; (at = relup.find(from, at)) != std::string::npos; at += to.size())
      relup.replace(at, from.size(), to);
    replace_in_tarball(files_, "releases/1.1.0/relup", relup);
  }

  // A process that the script suspends is busy.
  void make_busy() {
    make_suspending();
    model_.busy_process = "<0.7.0>";
  }

  void make_suspending() {
    change_relup("point_of_no_return", "point_of_no_return,{suspend,[shop_server]}");
  }
  // What the agent answers of the processes.
  void see(std::string_view key, Term value) {
    model_.told.push_back(tagged(key, std::move(value)));
  }

  void make_launcher_name(const std::string& version) {
    files_.add_file(root + "/bin/shop", "#!/bin/sh\nREL_VSN=\"" + version + "\"\n");
  }

  using ChangeTest::clock_;
  using ChangeTest::files_;
  using ChangeTest::model_;
  using ChangeTest::upgrade;
  std::unique_ptr<FileLock> lock_of_another_;
};

struct Standing {
  const char* name;
  std::function<void(ObjectionsTest&)> prepare;
  ObjectionKind kind;
  ErrorCode code;        // of the upgrade
  const char* sentence;  // a part of it
  const char* version = "1.1.0";
  const char* kill = "";  // a module that may be killed
  policy::Quiesce quiesce = {};
};

// Clients are to wait at a listener.
policy::Quiesce at_listener(const std::string& name) {
  policy::Quiesce quiesce;
  quiesce.listeners = {Term::atom(name)};
  return quiesce;
}

policy::Quiesce with_upgrade_module(const std::string& name) {
  policy::Quiesce quiesce;
  quiesce.upgrade_modules = {Atom(name)};
  return quiesce;
}

void PrintTo(const Standing& standing, std::ostream* stream) {
  *stream << standing.name;
}

// As the agent answers it (node/agent/relup_agent_trial.erl).
Term failing_trial() {
  const Term failed =
      Term::tuple({Term::atom("crash"), Term::binary("badkey price"),
                   Term::binary("shop_server.erl:7"), Term::binary("{state, integer}")});
  const Term tries = Term::list({Term::list({tagged("up", failed)})});
  const Term none(std::int64_t{0});
  return tagged("ok", Term::list({tagged("shop_server", Term::atom("server"), Term(std::int64_t{1}),
                                         none, none, tries)}));
}

Term logging_with(const char* formatter) {
  return Term::list({tagged("default", Term::list({tagged("formatter", Term::atom(formatter))}))});
}

const std::vector<Standing>& all_kinds() {
  using Kind = ObjectionKind;
  static const std::vector<Standing> all{
      {"node_of_another_root",
       [](auto& test) {
         test.files_.add_directory("/opt/copy");
         test.model_.runs_from = "/opt/copy";
       },
       Kind::node_of_another_root, ErrorCode::usage, "runs from the root /opt/copy, not from "},
      {"node_of_a_root_that_is_gone", [](auto& test) { test.model_.runs_from = "/opt/moved"; },
       Kind::node_of_another_root, ErrorCode::usage,
       "started from /opt/moved, which is not there any more"},
      {"other_releases_folder", [](auto& test) { test.model_.releases_folder = "/srv/releases"; },
       Kind::other_releases_folder, ErrorCode::usage,
       "keeps its releases in /srv/releases (RELDIR"},
      {"emulator_of_another_root",
       [](auto& test) {
         test.files_.add_file("/opt/other/releases/RELEASES",
                              R"([{release,"till","1","13.1.5",[],permanent}].)");
         test.model_.emulator = "/opt/other";
         test.model_.releases_folder = "/opt/other/releases";
       },
       Kind::other_releases_folder, ErrorCode::usage, "the emulator is that of another release"},
      {"another_relup",
       [](auto& test) {
         test.lock_of_another_ =
             test.files_.try_lock(root + "/releases/.relup.lock", "pid 7 (relup upgrade 1.1.0)");
       },
       Kind::another_relup, ErrorCode::unavailable, "pid 7 (relup upgrade 1.1.0)"},
      {"unfinished_job", [](auto& test) { test.model_.unfinished_install = "1.0.5"; },
       Kind::unfinished_job, ErrorCode::unavailable, "the install of 1.0.5"},
      {"nothing_runs",
       [](auto& test) {
         test.model_.releases = {{"1.0.0", "old"}};
         test.model_.runs_no_release = true;
       },
       Kind::nothing_runs, ErrorCode::bad_input, "runs no release"},
      {"uncommitted", [](auto& test) { test.upgrade(CommitWhen::later); }, Kind::uncommitted,
       ErrorCode::answer_is_no, "1.1.0 is installed but not committed"},
      {"unusable_start",
       [](auto& test) {
         test.model_.start_answer = tagged("fails", Term::string("bad number of schedulers"));
       },
       Kind::unusable_start, ErrorCode::answer_is_no,
       "a start of release 1.1.0 fails: bad number of schedulers"},
      {"running_already",
       [](auto& test) {
         unpack_by_hand(test.files_);
         test.model_.releases = {{"1.1.0", "permanent"}};
         test.model_.write_releases_file();
         test.model_.start_with("1.1.0");
       },
       Kind::running_already, ErrorCode::answer_is_no, "1.1.0 is running already"},
      {"no_such_release", [](auto& test) { test.files_.remove_file(tarball); },
       Kind::no_such_release, ErrorCode::usage, "no release 1.1.0 on this host"},
      {"damaged_tarball",
       [](auto& test) {
         const std::string bytes = test.files_.read(tarball);
         test.files_.add_file(tarball, bytes.substr(0, bytes.size() / 2));
       },
       Kind::unreadable_release, ErrorCode::bad_input, "shop-1.1.0.tar.gz"},
      {"unpacked_without_an_application",
       [](auto& test) {
         unpack_by_hand(test.files_);
         test.files_.remove_file(root + "/lib/shop-1.1.0/ebin/shop.app");
       },
       Kind::unreadable_release, ErrorCode::bad_input, "shop 1.1.0"},
      {"unpacked_without_its_boot_file",
       [](auto& test) {
         unpack_by_hand(test.files_);
         test.files_.remove_file(root + "/releases/1.1.0/start.boot");
       },
       Kind::unreadable_release, ErrorCode::bad_input, "start.boot is missing"},
      {"unpacked_with_half_a_module",
       [](auto& test) {
         unpack_by_hand(test.files_);
         const std::string beam = root + "/lib/shop-1.1.0/ebin/shop_price.beam";
         test.files_.add_file(beam, test.files_.read(beam).substr(0, 200));
       },
       Kind::unreadable_release, ErrorCode::bad_input, "shop_price.beam"},
      {"no_relup",
       [](auto& test) {
         replace_in_tarball(test.files_, "releases/1.1.0/relup", "{\"1.1.0\", [], []}.");
       },
       Kind::no_relup, ErrorCode::bad_input, "no relup leads from 1.0.0 to 1.1.0"},
      {"damaged_relup",
       [](auto& test) { replace_in_tarball(test.files_, "releases/1.1.0/relup", "{\"1.1.0\", ["); },
       Kind::unusable_relup, ErrorCode::bad_input, "releases/1.1.0/relup"},
      {"wrong_direction", [](auto& test) { test.upgrade(); }, Kind::wrong_direction,
       ErrorCode::usage, "going from 1.1.0 to 1.0.0 is a downgrade", "1.0.0"},
      {"relup_of_another_build",
       [](auto& test) { test.change_relup("{shop,\"1.1.0\",[", "{shop,\"1.1.0\",[shop_gone,"); },
       Kind::missing_code, ErrorCode::bad_input, "lib/shop-1.1.0/ebin/shop_gone.beam"},
      {"not_enough_space", [](auto& test) { test.files_.set_free_bytes(100); },
       Kind::not_enough_space, ErrorCode::bad_input, "not enough space below /opt/shop"},
      {"too_many_files", [](auto& test) { test.files_.set_free_files(3); }, Kind::not_enough_space,
       ErrorCode::bad_input, "3 files and directories are free"},
      {"replaced_release_boots",
       [](auto& test) {
         const std::string packed = test.files_.read(tarball);
         test.make_known();
         test.files_.add_file(tarball, packed);
         test.files_.add_file(root + "/releases/1.1.0/sys.config", "[{other, []}].");
         test.files_.add_file(root + "/releases/start_erl.data", "13.1.5 1.1.0");
       },
       Kind::replaced_release_boots, ErrorCode::answer_is_no,
       "shop-1.1.0.tar.gz has another content than the release 1.1.0 that is unpacked here"},
      {"other_library",
       [](auto& test) { test.files_.add_file(root + "/lib/shop-1.1.0/ebin/shop.app", "other"); },
       Kind::other_library, ErrorCode::bad_input, "another shop.app"},
      {"missing_launcher", [](auto& test) { test.make_launcher_name("1.0.0"); },
       Kind::missing_launcher, ErrorCode::bad_input, "there is no bin/shop-1.1.0"},
      {"foreign_release",
       [](auto& test) {
         test.make_known();
         test.files_.set_owner(root + "/releases", 54321, 54321);
       },
       Kind::foreign_release, ErrorCode::bad_input,
       "/opt/shop/releases/1.1.0 belongs to root, and 54321, to whom the folder above belongs"},
      {"missing_upgrade_module", [](auto& /*test*/) {}, Kind::missing_upgrade_module,
       ErrorCode::usage, "has these upgrade modules, which relup.yaml names: shop_gone", "1.1.0",
       "", with_upgrade_module("shop_gone")},
      {"unsuitable_engine", [](auto& /*test*/) {}, Kind::unsuitable_engine, ErrorCode::usage,
       "with OTP's engine connections cannot be suspended", "1.1.0", "", at_listener("http")},
      {"unusable_listener",
       [](auto& test) {
         const Term known = Term::list({Term::string("{shop,ws}")});
         test.model_.listeners_answer =
             tagged("error", tagged("no_listener", Term::string("http"), known));
       },
       Kind::unusable_listener, ErrorCode::usage,
       "ranch has no listener http, which relup.yaml names; it has {shop,ws}", "1.1.0", "",
       at_listener("http")},
      {"other_code_in_memory", [](auto& test) { test.model_.patched.insert(Atom("shop_price")); },
       Kind::other_code_in_memory, ErrorCode::answer_is_no, "shop_price in memory is"},
      {"old_code_in_use", [](auto& test) { test.model_.holders["shop_server"] = {{"cashier"}}; },
       Kind::old_code_in_use, ErrorCode::answer_is_no, "shop_server: cashier"},
      {"would_be_killed",
       [](auto& test) {
         test.change_relup("{load,{shop_price,soft_purge", "{load,{shop_price,brutal_purge");
         test.model_.holders["shop_price"] = {{"cashier"}};
       },
       Kind::would_be_killed, ErrorCode::answer_is_no, "1 in shop_price: cashier"},
      {"nothing_to_kill", [](auto&) {}, Kind::nothing_to_kill, ErrorCode::usage, "shop_prize",
       "1.1.0", "shop_prize"},
      {"unsuspendable_process", [](auto& test) { test.make_busy(); }, Kind::unsuspendable_process,
       ErrorCode::answer_is_no, "shop_server <0.7.0> (waits in shop_server:wait/1)"},
      {"out_of_reach_of_otp",
       [](auto& test) {
         test.make_suspending();
         test.see("differences", tree_difference("below_worker", "shop_server", "shop_tills_sup"));
       },
       Kind::out_of_reach_of_otp, ErrorCode::answer_is_no,
       "<0.8.0> of shop_server is below shop_tills_sup, a supervisor that is declared a worker"},
      {"silent_supervisor",
       [](auto& test) {
         test.make_suspending();
         test.see("silent", Term::list({some_process()}));
       },
       Kind::silent_supervisor, ErrorCode::answer_is_no, "who its children are: <0.8.0>"},
      {"starting_application",
       [](auto& test) { test.see("starting", Term::list({Term::atom("shop")})); },
       Kind::starting_application, ErrorCode::answer_is_no, "shop is still starting"},
      {"silent_application_controller",
       [](auto& test) { test.see("starting", Term::atom("silent")); }, Kind::starting_application,
       ErrorCode::answer_is_no, "application_controller does not answer"},
      {"sticky_folder",
       [](auto& test) {
         test.see("unusable",
                  Term::list({Term::tuple({Term::atom("shop_price"), Term::atom("sticky"),
                                           Term::binary("/opt/shop/ebin")})}));
       },
       Kind::unusable_module, ErrorCode::answer_is_no, "its folder is sticky: /opt/shop/ebin"},
      {"unusable_configuration",
       [](auto& test) {
         test.model_.configuration_answer = tagged(
             "error", tagged("provider", Term::atom("shop_config"), Term::binary("no region")));
       },
       Kind::unusable_configuration, ErrorCode::bad_input, "shop_config says: no region"},
      {"unworkable_code_change",
       [](auto& test) {
         test.change_relup("point_of_no_return",
                           "point_of_no_return,{code_change,up,[{shop_server,[]}]}");
         test.model_.trial_answer = failing_trial();
       },
       Kind::unworkable_code_change, ErrorCode::answer_is_no,
       "code_change/3 of shop_server (up, from 1.0.0) crashes: a map has no key price, at "
       "shop_server.erl:7, with a state {state, integer}"},
      {"vanishing_log_code",
       [](auto& test) {
         const std::string ebin = root + "/lib/shop-1.0.0/ebin/";
         test.files_.add_file(ebin + "shop_log.beam", test.files_.read(ebin + "shop_price.beam"));
         test.model_.logging_answer = logging_with("shop_log");
       },
       Kind::vanishing_log_code, ErrorCode::answer_is_no,
       "the formatter of the logger's handler default is shop_log, which 1.1.0 does not have"},
      {"refused_by_release_handler",
       [](auto& test) {
         test.make_known();
         test.model_.check_answer =
             tagged("error", tagged("no_such_directory", Term::string("/opt/shop/lib/gone")));
       },
       Kind::refused_by_release_handler, ErrorCode::bad_input,
       "the directory \"/opt/shop/lib/gone\" is missing"},
  };
  return all;
}

class EveryObjection : public ObjectionsTest, public ::testing::WithParamInterface<Standing> {
 protected:
  ChangeRequest request() const {
    ChangeRequest request{GetParam().version};
    if (GetParam().kind == ObjectionKind::out_of_reach_of_otp) request.engine = Engine::otp;
    if (*GetParam().kill != '\0') request.end.kill = {Atom(GetParam().kill)};
    if (GetParam().kind == ObjectionKind::unsuitable_engine) request.engine = Engine::otp;
    request.quiesce = GetParam().quiesce;
    return request;
  }
};

TEST_P(EveryObjection, IsToldByCheckAndRefusesAnUpgradeInTheSameWords) {
  GetParam().prepare(*this);
  const Snapshot before = snapshot();
  const std::size_t installs = count("release_handler:install_release");

  const CheckResult result = check(request());
  EXPECT_THAT(kinds(result), Contains(GetParam().kind));
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());

  const auto refused = error_of([&] { installer().change(request()); });
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), GetParam().code) << refused->message();
  EXPECT_THAT(refused->message(), HasSubstr(GetParam().sentence));
  for (const auto& objection : result.objections) {
    EXPECT_THAT(refused->message(), HasSubstr(objection->sentence()));
    EXPECT_THAT(refused->message() + refused->hint(), HasSubstr(objection->hint()));
  }
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
  EXPECT_EQ(count("release_handler:install_release"), installs);
}

INSTANTIATE_TEST_SUITE_P(All, EveryObjection, ::testing::ValuesIn(all_kinds()),
                         [](const auto& test) { return test.param.name; });

TEST(Objections, TheTableHasEveryKindThatStandsAgainstAChange) {
  std::set<ObjectionKind> found{
      ObjectionKind::nothing_to_commit, ObjectionKind::nothing_to_roll_back,
      ObjectionKind::unknown_release,   ObjectionKind::release_in_use,
      ObjectionKind::release_boots,     ObjectionKind::release_is_used};
  for (const Standing& each : all_kinds())
    found.insert(each.kind);
  EXPECT_EQ(found.size(), static_cast<std::size_t>(ObjectionKind::refused_by_release_handler) + 1);
}

// What stands against a removal.
TEST(Objections, OnlyAReleaseThatIsKnownAndNotInUseIsRemoved) {
  const Releases releases{{"shop", "1.0.0", {}, "permanent"},
                          {"shop", "1.1.0", {}, "unpacked"},
                          {"shop", "0.9.0", {}, "old"}};
  EXPECT_THAT(against_removal_of("1.1.0", releases), IsEmpty());
  EXPECT_THAT(against_removal_of("0.9.0", releases), IsEmpty());
  const Objections unknown = against_removal_of("7", releases);
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_EQ(unknown[0]->kind(), ObjectionKind::unknown_release);
  EXPECT_EQ(to_text(*unknown[0]), "the node does not know release 7; it knows 1.0.0, 1.1.0, 0.9.0");
  const Objections in_use = against_removal_of("1.0.0", releases);
  ASSERT_EQ(in_use.size(), 1U);
  EXPECT_EQ(in_use[0]->kind(), ObjectionKind::release_in_use);
  EXPECT_EQ(to_text(*in_use[0]), "release 1.0.0 is permanent and stays");
}

// A module that the script leaves alone may be another one than that of the release.
TEST_F(ObjectionsTest, AModulePatchedByHandThatStaysIsToldOnceAndNotHeldAgainstTheProof) {
  change_relup("{load,{shop_price,soft_purge,soft_purge}}", "{apply,{lists,reverse,[[]]}}");
  model_.patched.insert(Atom("shop_price"));
  const CheckResult result = check();
  EXPECT_THAT(result.objections, IsEmpty());
  EXPECT_THAT(result.notes, Contains(HasSubstr("not the code of 1.0.0: shop_price in memory is")));
  const Outcome outcome = upgrade(CommitWhen::later);
  EXPECT_THAT(outcome.notes, ElementsAre("not the code of 1.0.0 before the change, and left as it "
                                         "is: shop_price"));
  EXPECT_THAT(installer().rollback().notes,
              ElementsAre("not the code of 1.1.0 before the change, and left as it is: "
                          "shop_price"));
}

// A process pauses while its state is changed, and so do those that wait for it.
TEST_F(ObjectionsTest, APauseThatIsFeltIsTold) {
  change_relup("point_of_no_return", "point_of_no_return,{code_change,up,[{shop_server,[]}]}");
  const auto of = [](std::int64_t processes, std::int64_t microseconds) {
    const Term taken = tagged("ok", Term(microseconds));
    const Term tries = Term::list({Term::list({tagged("up", taken)})});
    const Term none(std::int64_t{0});
    return tagged("ok", Term::list({tagged("shop_server", Term::atom("server"), Term(processes),
                                           none, none, tries)}));
  };
  model_.trial_answer = of(200, 7'000);
  EXPECT_THAT(check().notes,
              Contains("code_change of shop_server takes up to 7 ms for one process, and there are "
                       "200: 1.4 s one after the other"));
  model_.trial_answer = of(200, 40);
  EXPECT_THAT(check().notes, Not(Contains(HasSubstr("code_change"))));
}

// Without a second emulator the change is not refused, but nobody believes that it was tried.
TEST_F(ObjectionsTest, ATrialThatCannotBeMadeIsTold) {
  change_relup("point_of_no_return", "point_of_no_return,{code_change,up,[{shop_server,[]}]}");
  model_.trial_answer = tagged("error", tagged("no_emulator", Term::string("15.0")));
  const CheckResult result = check();
  EXPECT_THAT(result.objections, IsEmpty());
  EXPECT_THAT(result.notes, Contains(HasSubstr("there is no emulator 15.0 on the host yet")));
}

TEST_F(ObjectionsTest, WhereNothingStandsAgainstItBothGoThrough) {
  const Snapshot before = snapshot();
  EXPECT_THAT(check().objections, IsEmpty());
  EXPECT_THAT(differences(before, snapshot()), IsEmpty());
  EXPECT_EQ(model_.releases.size(), 1U);
  EXPECT_TRUE(upgrade().committed);
}

// What the files and what the node have against it, in one answer.
TEST_F(ObjectionsTest, AllOfThemAreToldAtOnce) {
  files_.set_free_bytes(100);
  make_launcher_name("1.0.0");
  model_.holders["shop_server"] = {{"cashier"}};
  make_busy();
  const CheckResult result = check();
  EXPECT_THAT(
      kinds(result),
      UnorderedElementsAre(ObjectionKind::not_enough_space, ObjectionKind::missing_launcher,
                           ObjectionKind::old_code_in_use, ObjectionKind::unsuspendable_process));
  const auto refused = error_of([&] { upgrade(); });
  EXPECT_EQ(refused->code(), ErrorCode::bad_input);
  EXPECT_THAT(refused->message(), HasSubstr("4 reasons"));
  for (const auto& objection : result.objections)
    EXPECT_THAT(refused->message(), HasSubstr(to_text(*objection)));
}

TEST_F(ObjectionsTest, WhatTheNodeHasAgainstItIsToldAtOnceToo) {
  model_.patched.insert(Atom("shop_price"));
  make_busy();
  const auto refused = error_of([&] { upgrade(); });
  EXPECT_EQ(refused->code(), ErrorCode::answer_is_no);
  EXPECT_THAT(refused->message(),
              AllOf(HasSubstr("shop_price in memory"),
                    HasSubstr("shop_server <0.7.0> (waits in shop_server:wait/1)")));
}

// `it would go through` is a promise: all was looked at, and nothing was found.
TEST_F(ObjectionsTest, TheVerdictSaysWhatWasFound) {
  const auto verdict = [&](Term seen) {
    model_.told = {std::move(seen)};
    return verdict_of(check());
  };
  EXPECT_EQ(verdict(tagged("heart", Term::atom("true"))), Verdict::goes_through);
  const auto staying = [](const char* stay) {
    return tagged(
        "stayers",
        Term::list({Term::tuple({Term::atom("shop_price"), Term::atom(stay), Term::binary("loop/1"),
                                 Term(std::int64_t{1}), Term::list({some_process()})})}));
  };
  EXPECT_EQ(verdict(staying("moving")), Verdict::goes_through);
  EXPECT_EQ(verdict(staying("captive")), Verdict::with_warnings);
  EXPECT_EQ(verdict(tagged("too_deep", Term::list({some_process()}))), Verdict::not_all_seen);
  EXPECT_EQ(verdict(tagged("starting", Term::atom("silent"))), Verdict::is_refused);
  change_relup("{load,{shop_price,soft_purge,soft_purge}}",
               "{load,{shop_price,soft_purge,brutal_purge}}");
  EXPECT_EQ(verdict(staying("captive")), Verdict::is_never_committed);
  EXPECT_EQ(verdict(staying("parked")), Verdict::with_warnings);
}

// relup's own engine finds whom OTP's does not.
TEST_F(ObjectionsTest, WithOurOwnEngineAWrongTreeIsAWarning) {
  make_suspending();
  see("differences", tree_difference("no_supervisor_on_top", "none", "raw"));
  ChangeRequest request{"1.1.0"};
  request.engine = Engine::relup;
  const CheckResult result = check(request);
  EXPECT_THAT(result.objections, IsEmpty());
  EXPECT_THAT(result.words.warnings, ElementsAre(HasSubstr("top process of application raw")));
  EXPECT_EQ(verdict_of(result), Verdict::with_warnings);
}

TEST_F(ObjectionsTest, WhoWaitsAtAListenerIsANote) {
  model_.listeners_answer =
      tagged("ok", Term::list({Term::tuple({Term::string("http"), Term(std::int64_t{7}),
                                            Term(std::int64_t{5}), Term(std::int64_t{2})})}));
  ChangeRequest request{"1.1.0"};
  request.quiesce = at_listener("http");
  const CheckResult result = check(request);
  EXPECT_THAT(result.objections, IsEmpty());
  EXPECT_THAT(result.notes,
              Contains(AllOf(HasSubstr("listener http lets nobody in during the install; "
                                       "5 connections of it stand still, 2 cannot be suspended"),
                             HasSubstr("requests under way (2 now) get 10000 ms to end"))));
}

// Both wait for it, and a check says so.
TEST_F(ObjectionsTest, OldCodeThatIsAboutToBeLeftIsANote) {
  model_.holders["shop_server"] = {{"cashier"}, {"cashier"}, {}};
  const CheckResult result = check();
  EXPECT_THAT(result.objections, IsEmpty());
  EXPECT_THAT(result.notes, Contains(AllOf(HasSubstr("shop_server: cashier"),
                                           HasSubstr("have left it while we waited"))));
}

TEST_F(ObjectionsTest, ACheckSaysWhereACommitWouldWait) {
  change_relup("{load,{shop_price,soft_purge,soft_purge}}",
               "{load,{shop_price,brutal_purge,brutal_purge}}");
  EXPECT_THAT(check().notes, Contains(AllOf(HasSubstr("shop_price"), HasSubstr("waits until"))));
}

// Of a script that a check runs itself, only a look at it is taken.
TEST_F(ObjectionsTest, ACheckCallsNothingThatTheScriptCalls) {
  make_known();
  EXPECT_THAT(check().objections, IsEmpty());
  EXPECT_EQ(count("release_handler:check_install_release"), 1U);
  const std::string path = root + "/releases/1.1.0/relup";
  std::string relup = files_.read(path);
  relup.insert(relup.find("point_of_no_return"), "{apply,{shop_db,migrate,[now]}},");
  files_.add_file(path, relup);
  const CheckResult result = check();
  EXPECT_THAT(result.objections, IsEmpty());
  EXPECT_THAT(result.notes, Contains(HasSubstr("calls shop_db:migrate/1")));
  EXPECT_EQ(count("release_handler:check_install_release"), 1U);
}

// The release that the node knows is the one that is taken where what lies beside it is no tarball.
TEST_F(ObjectionsTest, ADamagedTarballOfAReleaseThatTheNodeKnowsIsPassedOver) {
  make_known();
  files_.add_file(tarball, "half a tarball");
  EXPECT_THAT(check().objections, IsEmpty());
  EXPECT_TRUE(upgrade().committed);
}

TEST_F(ObjectionsTest, SpaceThatAnAttemptWhichWasCutOffTakesCountsAsFree) {
  files_.add_file(root + "/.relup-staging/lib/shop-1.1.0/priv/map", std::string(1U << 20U, 'x'));
  files_.set_free_bytes(100);
  EXPECT_THAT(check().objections, IsEmpty());
  EXPECT_TRUE(upgrade().committed);
}

TEST_F(ObjectionsTest, ACheckWithoutADirectionTakesTheScriptThatThereIs) {
  upgrade();
  const CheckResult result = check({"1.0.0", std::nullopt});
  EXPECT_THAT(result.objections, IsEmpty());
  EXPECT_EQ(result.script.direction, appup::Direction::down);
  EXPECT_THAT(result.notes, Contains(HasSubstr("going from 1.1.0 to 1.0.0 is a downgrade")));
}

TEST_F(ObjectionsTest, ALockThatNobodyHoldsAnyMoreDoesNotCount) {
  files_.add_file(root + "/releases/.relup.lock", "pid 7, which was killed");
  EXPECT_THAT(check().objections, IsEmpty());
}

// The agent of the other relup is not disturbed: it would be unloaded at the end.
TEST_F(ObjectionsTest, WhileAnotherRelupWorksTheNodeIsNotAsked) {
  const auto held = files_.try_lock(root + "/releases/.relup.lock", "pid 7");
  check();
  EXPECT_THAT(model_.calls, IsEmpty());
}

// A commit that finds nothing to start the release with would be half done.
TEST_F(ObjectionsTest, ACommitAsksForTheLauncherFirst) {
  upgrade(CommitWhen::later);
  make_launcher_name("1.0.0");
  const auto refused = error_of([&] { installer().commit(); });
  EXPECT_EQ(refused->code(), ErrorCode::bad_input);
  EXPECT_THAT(refused->message(), HasSubstr("there is no bin/shop-1.1.0"));
  EXPECT_EQ(count("release_handler:make_permanent"), 0U);
}

TEST_F(ObjectionsTest, ARollbackTellsAllProcessesThatStandAgainstIt) {
  make_busy();
  const auto busy = std::exchange(model_.busy_process, std::nullopt);
  upgrade(CommitWhen::later);
  model_.holders["shop_server"] = {{"cashier"}};
  model_.busy_process = busy;
  const auto refused = error_of([&] { installer().rollback(); });
  EXPECT_EQ(refused->code(), ErrorCode::answer_is_no);
  EXPECT_THAT(refused->message(),
              AllOf(HasSubstr("shop_server: cashier"),
                    HasSubstr("shop_server <0.7.0> (waits in shop_server:wait/1)")));
  EXPECT_EQ(model_.running(), "1.1.0");
}

}  // namespace
}  // namespace relup::change
