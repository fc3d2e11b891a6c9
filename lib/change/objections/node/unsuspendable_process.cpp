// SPDX-License-Identifier: Apache-2.0
//
// The release handler passes over a process that does not let itself be suspended
// (live/suspend_probe.hpp). It would go on with new code and its old state, until it crashes.

#include "change/objections.hpp"
#include "live/suspend_probe.hpp"

namespace relup::change::by_node {
namespace {

struct UnsuspendableProcess final : Objection {
  explicit UnsuspendableProcess(std::string process) : process_(std::move(process)) {}
  ObjectionKind kind() const override { return ObjectionKind::unsuspendable_process; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "a process is busy and cannot be suspended, so it would go on with new code and its old "
           "state: " +
           process_;
  }
  std::string hint() const override {
    return "wait until it is done, or restart it, then try again";
  }

 private:
  std::string process_;  // "shop_cart <0.284.0>"
};

}  // namespace

Objections unsuspendable_process(const NodeView& view) {
  if (view.script == nullptr) return {};
  const auto busy = live::find_busy_process(view.channel, view.script->suspended);
  if (!busy) return {};
  return {object<UnsuspendableProcess>(*busy)};
}

}  // namespace relup::change::by_node
