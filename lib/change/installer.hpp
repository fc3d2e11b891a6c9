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
#include <set>
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
  Outcome rollback(const std::vector<Atom>& may_kill = {}, const policy::Quiesce& quiesce = {});
  Outcome remove(const std::string& version);

  // What came of it so far, also when it has failed.
  const Outcome& outcome() const { return outcome_; }
  // Whether the node was restarted since the work began.
  NodeRestart node_restart() const { return session_.node_restart(); }

 private:
  std::unique_ptr<FileLock> lock();
  void connect();
  void stop_if_interrupted();
  host::ScriptSummary prepare(const ChangeRequest& request, Outcome& outcome);
  // Of an end before the install; takes back what was prepared.
  void undo_and_tell(const std::string& version, const Error& error);
  void let_node_go_back(const ChangeRequest& request);
  ProposedChange accept(const ChangeRequest& request, const Releases& releases);
  // What it finds and does not refuse goes into the notes of the outcome.
  void check(const ProposedChange& change, Outcome& outcome);
  Objections ask_node(const host::ScriptSummary* script, const ProposedChange* change,
                      NodeFindings& findings);
  live::InstallOrder order(const std::string& from, const std::string& version);
  live::AgentVerbs::InstallState ask_to_install(const std::string& from, const std::string& version,
                                                Step& step);
  live::AgentVerbs::InstallState wait_for_install(const std::string& version, Step& step);
  void install(Outcome& outcome);
  [[noreturn]] void give_up(const std::string& from, const std::string& version,
                            const live::InstallError& cause);
  [[noreturn]] void explain_failed_install(const std::string& from, const std::string& version,
                                           const Error& cause);
  void wait_for_restart();
  bool comes_up(const std::string& version);
  void tell_of_waiting(const std::string& what);
  void tell_if_node_died(const std::string& under_way);
  bool is_proved(const std::string& version);
  void note_other_code(const host::ScriptSummary& script, Outcome& outcome);
  std::vector<std::string> differences_from(const std::string& version);
  void prove(const std::string& from, const std::string& version);
  // Does a step of the work. When the node dies in it, that is what is told.
  void over_any_line(const std::string& under_way, const std::function<void()>& work);
  void finish(const ChangeRequest& request, const host::ScriptSummary* script, Outcome& outcome);
  void end(const ChangeRequest& request, const host::ScriptSummary* script, Outcome& outcome);
  void find_line_again(const node::NodeError& cause, const Outcome& outcome);
  [[noreturn]] void take_back(const Outcome& outcome, const Error& cause);
  void make_room_for_going_back(const Outcome& outcome, const Error& cause);
  void prepare_rollback(const host::ScriptSummary* script);
  void forget_confirmation();

  host::Host host_;
  ChangeTools tools_;
  NodeSession session_;
  Preparation preparation_;
  Ending ending_;
  Outcome outcome_;
  Engine engine_ = Engine::relup;
  std::vector<Atom> may_kill_;         // whoever runs old code of these modules
  std::optional<Term> configuration_;  // what that of the new release resolves to on the node
  // Modules that were not those of the old release before, and that the script leaves alone.
  std::set<Atom> other_before_;
  policy::Quiesce quiesce_;
};

}  // namespace relup::change
