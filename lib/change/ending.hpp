// SPDX-License-Identifier: Apache-2.0
#pragma once

// What stands between an install and its commit, and that nobody is killed on the way who was not
// named. A brutal purge kills whoever runs old code: by the load of an install, where the script
// says so before it, and by a commit, where it says so after. Both find nobody where the old code
// has been purged softly just before; where somebody still runs it, there is no install and no
// commit. Only processes in old code of a module that the operator has named are killed.

#include <string>

#include "change/node_session.hpp"
#include "change/probing.hpp"
#include "host/relup_file.hpp"
#include "live/rehearsal.hpp"

namespace relup::change {

// The end of a work that leaves the new release of `outcome` as it is, `why` being the reason.
Error uncommitted(const Outcome& outcome, const std::string& why);

class Ending {
 public:
  // All must outlive the object.
  Ending(const host::Host& host, const ChangeTools& tools, NodeSession& session)
      : host_(host), tools_(tools), session_(session) {}

  // Right before an install: kills who may be killed, and makes sure that the load kills nobody.
  // An Error (answer_is_no) where it would.
  void clear_the_way(const host::ScriptSummary& script, const std::vector<Atom>& may_kill,
                     Outcome& outcome);

  // Waits until a commit would kill nobody, and nobody else runs old code, as long as `request`
  // says. `script` is null where there is none. What a soft purge leaves in use is a note. An Error
  // (uncommitted) where the commit would kill somebody, or somebody wants the work to end;
  // ProbeFailed.
  void drain(const host::ScriptSummary* script, const EndRequest& request, Probing& probing,
             Outcome& outcome);

  // Of a start of the release that is going to be installed, tried before that.
  void has_tried(const live::Rehearsal& start) { tried_start_ = start; }

  void make_permanent(Outcome& outcome);

  // An Error (uncommitted) if somebody wants the work to end.
  void stop_if_interrupted(const Outcome& outcome);

 private:
  std::vector<live::OldCode> wait(Step& step, const std::vector<Atom>& modules,
                                  const EndRequest& request, Probing& probing, Outcome& outcome);
  live::Rehearsal try_to_start(const Outcome& outcome);
  void make_files_agree(const std::string& version);
  void decide(const std::string& version);
  void kill(Step& step, const std::vector<Atom>& modules, Outcome& outcome);

  const host::Host& host_;
  const ChangeTools& tools_;
  NodeSession& session_;
  live::Rehearsal tried_start_;
};

}  // namespace relup::change
