// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why a change is refused. An objection holds facts; its sentence is made when it is shown. Each
// kind is a class of its own in the one file that finds it (objections.hpp tells how they are
// found), so that `check` and `upgrade` say the same of the same thing.

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace relup::change {

enum class ObjectionKind {
  // The node is not the one of this root (right_root.hpp).
  node_of_another_root,
  other_releases_folder,
  // Nobody may begin now (starting_point.hpp).
  another_relup,
  unfinished_job,
  nothing_runs,
  uncommitted,
  running_already,
  nothing_to_commit,
  nothing_to_roll_back,
  unknown_release,
  release_in_use,
  release_boots,
  release_is_used,
  // By the files (proposed_change.hpp, objections/files/).
  no_such_release,
  unreadable_release,
  no_relup,
  unusable_relup,
  wrong_direction,
  nothing_to_kill,
  missing_code,
  not_enough_space,
  other_library,
  replaced_release_boots,
  missing_launcher,
  foreign_release,
  missing_upgrade_module,
  unsuitable_engine,
  // By the node (objections/node/, release_handler_check.hpp).
  other_code_in_memory,
  old_code_in_use,
  would_be_killed,
  unsuspendable_process,
  out_of_reach_of_otp,
  silent_supervisor,
  starting_application,
  unusable_module,
  unusable_configuration,
  unusable_start,
  unusable_listener,
  unworkable_code_change,
  vanishing_log_code,
  refused_by_release_handler,
};

class Objection {
 public:
  Objection() = default;
  Objection(const Objection&) = delete;
  Objection& operator=(const Objection&) = delete;
  virtual ~Objection() = default;

  virtual ObjectionKind kind() const = 0;
  // What the program ends with when nothing else is wrong.
  virtual ErrorCode code() const = 0;
  virtual std::string sentence() const = 0;
  // What to do about it; may be empty.
  virtual std::string hint() const { return ""; }
};

using Objections = std::vector<std::shared_ptr<const Objection>>;

// A failure that a room below has put into words already.
class ReportedObjection final : public Objection {
 public:
  ReportedObjection(ObjectionKind kind, const Error& error)
      : kind_(kind), code_(error.code()), message_(error.message()), hint_(error.hint()) {}
  ObjectionKind kind() const override { return kind_; }
  ErrorCode code() const override { return code_; }
  std::string sentence() const override { return message_; }
  std::string hint() const override { return hint_; }

 private:
  ObjectionKind kind_;
  ErrorCode code_;
  std::string message_;
  std::string hint_;
};

// An objection of type `Kind`, from its facts.
template <typename Kind, typename... Facts>
std::shared_ptr<const Objection> object(Facts&&... facts) {
  return std::make_shared<const Kind>(std::forward<Facts>(facts)...);
}

void append(Objections& objections, Objections more);

// "SENTENCE; HINT"
std::string to_text(const Objection& objection);

// The end of `what` ("the upgrade to 1.1.0"), which at least one objection stands against: an Error
// that tells them all. Its code is that of the one that waiting helps least against.
Error refusal(const std::string& what, const Objections& objections);

}  // namespace relup::change
