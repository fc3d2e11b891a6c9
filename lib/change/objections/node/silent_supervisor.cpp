// SPDX-License-Identifier: Apache-2.0
//
// A supervisor that is suspended, or busy for seconds, does not tell who its children are. OTP's
// release handler gives up at it in the middle of an install.

#include "change/node_forecast.hpp"
#include "change/process_names.hpp"

namespace relup::change::by_node {
namespace {

struct SilentSupervisor final : Objection {
  explicit SilentSupervisor(std::vector<live::NodeProcess> silent) : silent_(std::move(silent)) {}
  ObjectionKind kind() const override { return ObjectionKind::silent_supervisor; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "suspended, or busy for more than 5 s, and does not tell who its children are: " +
           names_of(silent_);
  }
  std::string hint() const override {
    return "wait until it is done, or resume it (sys:resume/1), then try again";
  }

 private:
  std::vector<live::NodeProcess> silent_;
};

}  // namespace

Objections silent_supervisor(const NodeView& view) {
  if (view.script == nullptr || view.script->suspended.empty()) return {};
  const std::vector<live::NodeProcess>& silent = forecast_of(view).silent;
  if (silent.empty()) return {};
  return {object<SilentSupervisor>(silent)};
}

}  // namespace relup::change::by_node
