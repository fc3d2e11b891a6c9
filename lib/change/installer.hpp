// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes the release of a live node. The steps of an upgrade: take the lock, connect, check the
// tarball, unpack and publish it, seed RELEASES where it is missing, make the release known, let
// the release handler check it, install, prove that the code in memory is that of the release, wait
// until old code is left, commit. What fails before the install leaves the host as it was. What
// fails in it ends as an Error of code rolled_back when the old release is verified to be running,
// or uncertain.

#include <memory>
#include <string>

#include "change/change.hpp"
#include "change/node_session.hpp"
#include "change/preparation.hpp"
#include "host/relup_file.hpp"

namespace relup::change {

class Installer {
 public:
  Installer(host::Host host, Surroundings surroundings);
  Installer(const Installer&) = delete;
  Installer& operator=(const Installer&) = delete;
  ~Installer() = default;

  Outcome change(const ChangeRequest& request);
  // Makes the running release permanent.
  Outcome commit();
  // Goes from an uncommitted release back to the permanent one.
  Outcome rollback();
  Outcome remove(const std::string& version);

 private:
  std::unique_ptr<FileLock> lock();
  void refuse_if_pointless(const ChangeRequest& request, const Releases& releases) const;
  host::ScriptSummary prepare(const ChangeRequest& request, Outcome& outcome);
  host::ScriptSummary choose_script(const std::string& from, const ChangeRequest& request);
  host::ScriptSummary check(const std::string& from, const ChangeRequest& request);
  live::AgentVerbs::Install ask_to_install(const std::string& version);
  live::AgentVerbs::Install wait_for_install(const std::string& version);
  void install(const std::string& from, const std::string& version);
  [[noreturn]] void explain_failed_install(const std::string& from, const std::string& version,
                                           const Error& cause);
  bool comes_up(const std::string& version);
  bool is_proved(const std::string& version);
  void prove(const std::string& from, const std::string& version);
  void drain(const host::ScriptSummary& script, Outcome& outcome);
  void make_permanent(Outcome& outcome);

  host::Host host_;
  Surroundings surroundings_;
  NodeSession session_;
  Preparation preparation_;
};

}  // namespace relup::change
