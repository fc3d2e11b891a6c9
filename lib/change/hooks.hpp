// SPDX-License-Identifier: Apache-2.0
#pragma once

// Commands of the operator that run at four moments of a change, as the configuration of the host
// names them. Each reads what is planned as JSON (schemas/hook.schema.json), what it prints is told
// as it comes, and it ends at the latest when its time is over. Each runs once in a change. What
// stands before something refuses it by failing; what comes after something can only be noted.

#include <optional>
#include <set>
#include <string>

#include "change/change.hpp"
#include "change/node_session.hpp"
#include "host/relup_file.hpp"
#include "policy/host_wishes.hpp"

namespace relup::change {

class Hooks {
 public:
  // What the verb is about to do. `script` may be null; none for `direction` as in ChangeRequest.
  struct Plan {
    std::optional<appup::Direction> direction;
    const host::ScriptSummary* script = nullptr;
  };

  // All must outlive the object.
  Hooks(const host::Host& host, const ChangeTools& tools, NodeSession& session)
      : host_(host), tools_(tools), session_(session) {}

  // An Error (answer_is_no) when it fails; then there is no install.
  void before_install(const Plan& plan, const Outcome& outcome);
  // A failure is a note.
  void after_install(Outcome& outcome);
  // An Error (uncommitted) when it fails; then there is no commit.
  void before_commit(const host::ScriptSummary* script, const Outcome& outcome);
  // The change that before_install has let begin came to nothing, because of `cause`: the old
  // release runs. A failure is a note.
  void went_back(Outcome& outcome, const Error& cause);
  // The same after `relup rollback`, whose `outcome` says where it led.
  void after_rollback(const host::ScriptSummary* script, Outcome& outcome);

 private:
  struct Facts {
    std::string verb;
    std::string from;
    std::string to;
    std::optional<std::string> because;
  };
  void run_at_the_end(const Facts& facts, Outcome& outcome);
  // How it failed, in words; none when it did not, or when there is none.
  std::optional<std::string> run(policy::Hook hook, const Facts& facts, Interruption& interruption);
  std::string document(policy::Hook hook, const Facts& facts) const;

  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  std::set<policy::Hook> has_run_;
  std::string verb_ = "commit";
  std::optional<host::ScriptSummary> script_;
};

}  // namespace relup::change
