// SPDX-License-Identifier: Apache-2.0
//
// The script that the node would run: there has to be one, and it has to be the one that was asked
// for. The release handler takes the up script of the new release's relup, else the down script of
// the old one's; so which it is does not depend on what the operator calls it.

#include "change/objections.hpp"

namespace relup::change::by_files {
namespace {

using appup::Direction;

class BetweenTwo : public Objection {
 public:
  explicit BetweenTwo(const ProposedChange& change) : from_(change.from), to_(change.to) {}

 protected:
  const std::string& from() const { return from_; }
  const std::string& to() const { return to_; }

 private:
  std::string from_;
  std::string to_;
};

struct NoRelup final : BetweenTwo {
  using BetweenTwo::BetweenTwo;
  ObjectionKind kind() const override { return ObjectionKind::no_relup; }
  ErrorCode code() const override { return ErrorCode::bad_input; }
  std::string sentence() const override { return "no relup leads from " + from() + " to " + to(); }
  std::string hint() const override {
    return "make one with `relup generate --from OLD --to NEW` and pack the release again";
  }
};

struct WrongDirection final : BetweenTwo {
  explicit WrongDirection(const ProposedChange& change)
      : BetweenTwo(change), is_upgrade_(change.script->direction == Direction::up) {}
  ObjectionKind kind() const override { return ObjectionKind::wrong_direction; }
  ErrorCode code() const override { return ErrorCode::usage; }
  std::string sentence() const override {
    return "going from " + from() + " to " + to() +
           (is_upgrade_ ? " is an upgrade" : " is a downgrade");
  }
  std::string hint() const override {
    return "run `relup " + std::string(is_upgrade_ ? "upgrade " : "downgrade ") + to() + "`";
  }

 private:
  bool is_upgrade_;
};

}  // namespace

Objections script(const FilesView& view) {
  const ProposedChange& change = view.change;
  if (change.script_fault) {
    return {object<ReportedObjection>(ObjectionKind::unusable_relup, *change.script_fault)};
  }
  if (!change.script) return {object<NoRelup>(change)};
  const auto wanted = view.request.direction;
  if (!wanted || *wanted == change.script->direction) return {};
  return {object<WrongDirection>(change)};
}

}  // namespace relup::change::by_files
