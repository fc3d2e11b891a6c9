// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes the release of a live node. The steps of an upgrade: take the lock, connect, seed
// RELEASES where it is missing, check the tarball, unpack and publish it, make the release known,
// let the node and its release handler check it, install, prove that the code in memory is that of
// the release, wait until processes have left old code, commit. Each step is a class of its own;
// here is their order. All objections to a change are told in one Error (objections.hpp). What
// fails before the install leaves the host as it was. What fails in it ends as an Error of code
// rolled_back when the old release is verified to be running, or uncertain. Who wants the work to
// end (ChangeTools::interruption) is heard between the steps, between two files, and where
// something is waited for: before the install that ends as Interrupted, and nothing was changed;
// after it the new release stays, and that ends as an Error of code uncommitted. What is done is
// written into the journal of the root (host/journal.hpp), and what an earlier relup has left there
// is ended first.

#include <memory>
#include <string>

#include "change/admission.hpp"
#include "change/any_line.hpp"
#include "change/change.hpp"
#include "change/confirmation.hpp"
#include "change/ending.hpp"
#include "change/failed_install.hpp"
#include "change/going_back.hpp"
#include "change/hooks.hpp"
#include "change/installing.hpp"
#include "change/node_session.hpp"
#include "change/preparation.hpp"
#include "change/proof.hpp"
#include "change/recorded_steps.hpp"
#include "change/still_worth_it.hpp"
#include "host/journal.hpp"

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
  const policy::HostSettings& settings() const { return tools_.settings; }
  // Whether the node was restarted since the work began.
  NodeRestart node_restart() const { return session_.node_restart(); }

 private:
  // Runs `work` with the lock, in the journal as `verb`, after what an earlier relup left was
  // ended.
  Outcome recorded(const std::string& verb, const std::function<void()>& work);
  void recover();
  void write_end(const Error* error);
  // Whether it has ended with something decided or prepared that is neither done nor undone.
  bool is_half() const;
  void undo_decision();
  void connect();
  void know_way();
  void change_release(const ChangeRequest& request);
  void commit_release(const EndRequest& request);
  void roll_back();
  host::ScriptSummary prepare(const ChangeRequest& request);
  void with_new_release(const std::function<void()>& work);
  // The install and all that comes after it.
  void carry_out(const ChangeRequest& request, const host::ScriptSummary& script);
  // Of an end before the install; takes back what was prepared.
  void undo_and_tell(const std::string& version, const Error& error);
  void prove();
  void finish(const ChangeRequest& request, const host::ScriptSummary* script);
  void end(const ChangeRequest& request, const host::ScriptSummary* script);
  void finish_commit(const ReleaseBook& book);
  void prepare_rollback(const host::ScriptSummary* script);
  void prove_rollback();

  host::Host host_;
  host::Journal journal_;
  RecordedSteps steps_;
  ChangeTools tools_;
  InstallWishes wishes_;
  Outcome outcome_;
  std::optional<Term> configuration_;  // what that of the new release resolves to on the node
  NodeSession session_;
  StillWorthIt worth_it_;
  Preparation preparation_;
  Proof proof_;
  FailedInstall failed_;
  Installing installing_;
  Admission admission_;
  Confirmation confirmation_;
  AnyLine any_line_;
  GoingBack back_;
  Ending ending_;
  Hooks hooks_;
};

}  // namespace relup::change
