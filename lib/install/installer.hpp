// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes the release of a live node. The steps of an upgrade: take the lock, connect, check the
// tarball, unpack and publish it, seed RELEASES where it is missing, make the release known, let
// the release handler check it, install, prove that the code in memory is that of the release, wait
// until old code is left, commit. What fails before the install leaves the host as it was. What
// fails in it ends as an Error of code rolled_back when the old release is verified to be running,
// or uncertain.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "install/agent_verbs.hpp"
#include "install/host.hpp"
#include "install/progress.hpp"
#include "install/release_handler.hpp"
#include "install/relup_file.hpp"
#include "install/staging.hpp"

namespace relup::install {

struct Surroundings {
  FileSystem& files;
  Clock& clock;
  Progress& progress;
  std::function<std::unique_ptr<node::NodeChannel>()> connect;
  std::string holder;  // who holds the lock: "pid 123 (relup upgrade 1.1.0), user shop"
};

enum class CommitWhen { now, later };

struct ChangeRequest {
  std::string version;
  appup::Direction direction = appup::Direction::up;
  std::optional<std::string> tarball = {};
  CommitWhen commit = CommitWhen::now;
};

struct Outcome {
  std::string from;
  std::string to;
  bool committed = false;
  std::vector<std::string> notes;
};

class Installer {
 public:
  Installer(Host host, Surroundings surroundings);

  Outcome change(const ChangeRequest& request);
  // Makes the running release permanent.
  Outcome commit();
  // Goes from an uncommitted release back to the permanent one.
  Outcome rollback();
  Outcome remove(const std::string& version);

 private:
  using Releases = std::vector<KnownRelease>;

  std::unique_ptr<FileLock> lock();
  void connect();
  void reconnect();
  void refuse_if_job_runs();
  const KnownRelease& running(const Releases& releases) const;
  void refuse_if_pointless(const ChangeRequest& request, const Releases& releases) const;

  ScriptSummary prepare(const ChangeRequest& request, Outcome& outcome);
  void make_available(const ChangeRequest& request, Outcome& outcome);
  void stage(const std::string& tarball, Outcome& outcome);
  std::optional<std::string> missing_relup(const release::ReleaseTree& wanted, Outcome& outcome);
  void settle();
  void refuse_if_unproved(const std::string& from, const ScriptSummary& script);
  void boot_what_is_permanent(const Releases& releases);
  void register_release(const std::string& version);
  void unregister_release(const std::string& version);
  void forget(const std::string& version);

  ScriptSummary choose_script(const std::string& from, const ChangeRequest& request);
  std::vector<OldCode> wait_for_old_code(const std::vector<Atom>& modules, Milliseconds patience);
  void refuse_if_old_code_in_use(const ScriptSummary& script);
  void refuse_if_busy(const ScriptSummary& script);
  ScriptSummary check(const std::string& from, const ChangeRequest& request);
  AgentVerbs::Install ask_to_install(const std::string& version);
  AgentVerbs::Install wait_for_install(const std::string& version);
  void install(const std::string& from, const std::string& version);
  [[noreturn]] void explain_failed_install(const std::string& from, const std::string& version,
                                           const Error& cause);
  bool comes_up(const std::string& version);
  bool is_proved(const std::string& version);
  void prove(const std::string& from, const std::string& version);
  void drain(const ScriptSummary& script, Outcome& outcome);
  void make_permanent(Outcome& outcome);
  std::optional<std::string> relup_of(const std::string& version) const;

  Host host_;
  Surroundings surroundings_;
  std::unique_ptr<node::NodeChannel> channel_;
  std::unique_ptr<AgentVerbs> agent_;  // over the channel
  std::unique_ptr<Staging> staging_;
  std::optional<std::string> made_relup_;  // the file, where it was not published with a release
  bool is_registered_ = false;
  bool is_seeded_ = false;
};

}  // namespace relup::install
