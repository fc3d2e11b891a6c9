// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes the release of a live node. The steps of an upgrade: take the lock, connect, seed
// RELEASES where it is missing, check the tarball, unpack and publish it, make the release known,
// let the node and its release handler check it, install, prove that the code in memory is that of
// the release, wait until processes have left old code, commit. All objections to a change are told
// in one Error (objections.hpp). What fails before the install leaves the host as it was. What
// fails in it ends as an Error of code rolled_back when the old release is verified to be running,
// or uncertain. Who wants the work to end (ChangeTools::interruption) is heard between the steps
// and where something is waited for: before the install that ends as Interrupted, and nothing was
// changed; after it the new release stays, and that ends as an Error of code uncommitted.

#include <memory>
#include <string>

#include "change/change.hpp"
#include "change/ending.hpp"
#include "change/node_session.hpp"
#include "change/objections.hpp"
#include "change/preparation.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

class Installer {
 public:
  Installer(host::Host host, ChangeTools tools);
  Installer(const Installer&) = delete;
  Installer& operator=(const Installer&) = delete;
  ~Installer() = default;

  Outcome change(const ChangeRequest& request);
  // Makes the running release permanent.
  Outcome commit(const EndRequest& request = {});
  // Goes from an uncommitted release back to the permanent one. Whoever runs old code of `may_kill`
  // may be killed.
  Outcome rollback(const std::vector<Atom>& may_kill = {});
  Outcome remove(const std::string& version);

  // What came of it so far, also when it has failed.
  const Outcome& outcome() const { return outcome_; }
  // Whether the node was restarted since the work began; none when that cannot be told.
  std::optional<bool> node_was_restarted();

 private:
  std::unique_ptr<FileLock> lock();
  void connect();
  void stop_if_interrupted();
  host::ScriptSummary prepare(const ChangeRequest& request, Outcome& outcome);
  [[noreturn]] void give_up(const Interrupted& interruption, const std::string& version);
  void let_node_go_back(const ChangeRequest& request);
  ProposedChange accept(const ChangeRequest& request, const Releases& releases);
  void check(const ProposedChange& change, const std::vector<Atom>& may_kill);
  Objections ask_node(const host::ScriptSummary* script, const ProposedChange* change,
                      const std::vector<Atom>& may_kill);
  live::AgentVerbs::Install ask_to_install(const std::string& version);
  live::AgentVerbs::Install wait_for_install(const std::string& version);
  void install(const std::string& from, const std::string& version);
  [[noreturn]] void explain_failed_install(const std::string& from, const std::string& version,
                                           const Error& cause);
  bool comes_up(const std::string& version);
  bool is_proved(const std::string& version);
  void prove(const std::string& from, const std::string& version);
  void over_any_line(const Outcome& outcome, const std::function<void()>& work);
  void finish(const ChangeRequest& request, const host::ScriptSummary* script, Outcome& outcome);
  void end(const ChangeRequest& request, const host::ScriptSummary* script, Outcome& outcome);
  void find_line_again(const node::NodeError& cause, const Outcome& outcome);
  [[noreturn]] void take_back(const Outcome& outcome, const Error& cause);
  void make_room_for_going_back(const Outcome& outcome, const Error& cause);
  void prepare_rollback(const host::ScriptSummary* script, const std::vector<Atom>& may_kill);
  void forget_confirmation();

  host::Host host_;
  ChangeTools tools_;
  NodeSession session_;
  Preparation preparation_;
  Ending ending_;
  Outcome outcome_;
  std::optional<Term> incarnation_;  // of the node when the work began
};

}  // namespace relup::change
