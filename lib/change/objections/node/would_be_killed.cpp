// SPDX-License-Identifier: Apache-2.0
//
// The load of a module that has old code already purges that first. Where the script says brutal
// before the load, which is what OTP makes of the short forms, nobody asks whether a process still
// runs it: whoever an earlier change has left there would be killed by this one.

#include "change/draining.hpp"
#include "change/objections.hpp"

namespace relup::change {

Objections would_be_killed_by_load(const std::vector<live::OldCode>& in_use) {
  struct WouldBeKilled final : Objection {
    explicit WouldBeKilled(std::vector<live::OldCode> victims) : victims_(std::move(victims)) {}
    ObjectionKind kind() const override { return ObjectionKind::would_be_killed; }
    ErrorCode code() const override { return ErrorCode::answer_is_no; }
    std::string sentence() const override {
      return "the change would kill processes that still run code from before the last one: " +
             census(victims_);
    }
    std::string hint() const override {
      return "wait until they are done, then try again; `" + kill_options(victims_) + "` allows it";
    }

   private:
    std::vector<live::OldCode> victims_;
  };
  if (in_use.empty()) return {};
  return {object<WouldBeKilled>(in_use)};
}

namespace by_node {
namespace {

constexpr Milliseconds patience{5'000};

}  // namespace

Objections would_be_killed(const NodeView& view) {
  if (view.script == nullptr) return {};
  const OldCodeUse use = wait_for_old_code(
      view.agent, view.clock, without(view.script->purged_brutally_before, view.may_kill), patience,
      view.interruption);
  if (!use.left.empty()) {
    view.findings.notes.push_back(
        "processes were in old code that the change purges brutally, and have left it while we "
        "waited, as an upgrade does for 5 s: " +
        census(use.left));
  }
  return would_be_killed_by_load(use.still);
}

}  // namespace by_node
}  // namespace relup::change
