// SPDX-License-Identifier: Apache-2.0
//
// The release handler refuses at the first module whose old code is still in use where the script
// purges it softly, and at once. We wait a little for the processes that are about to leave it, and
// name all that do not.

#include "base/words.hpp"
#include "change/draining.hpp"
#include "change/objections.hpp"

namespace relup::change::by_node {
namespace {

constexpr Milliseconds patience{5'000};

struct OldCodeInUse final : Objection {
  explicit OldCodeInUse(std::vector<live::OldCode> in_use) : in_use_(std::move(in_use)) {}
  ObjectionKind kind() const override { return ObjectionKind::old_code_in_use; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "processes still run code from before the last change, which this one would purge: " +
           describe_all(in_use_);
  }
  std::string hint() const override {
    return "wait until they are done, or restart them, then try again; `" + kill_options(in_use_) +
           "` kills them";
  }

 private:
  std::vector<live::OldCode> in_use_;
};

}  // namespace

Objections old_code_in_use(const NodeView& view) {
  if (view.script == nullptr) return {};
  const OldCodeUse use =
      wait_for_old_code(view.agent, view.clock, without(view.script->purged_softly, view.may_kill),
                        patience, view.interruption);
  if (!use.left.empty()) {
    view.findings.notes.push_back(
        "processes were in old code that the change purges, and have left it while we waited, as "
        "an upgrade does for 5 s: " +
        describe_all(use.left));
  }
  if (use.still.empty()) return {};
  return {object<OldCodeInUse>(use.still)};
}

}  // namespace relup::change::by_node
