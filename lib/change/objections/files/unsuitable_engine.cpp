// SPDX-License-Identifier: Apache-2.0
//
// OTP's engine looks for processes by asking supervisors for their children. Ranch calls
// connections of cowboy supervisors, and a supervisor that is suspended makes the release handler
// fail after the point of no return (release_handler_1:maybe_supervisor_which_children/3), so that
// the node restarts.

#include "change/objections.hpp"

namespace relup::change::by_files {
namespace {

struct UnsuitableEngine final : Objection {
  ObjectionKind kind() const override { return ObjectionKind::unsuitable_engine; }
  ErrorCode code() const override { return ErrorCode::usage; }
  std::string sentence() const override {
    return "with OTP's engine connections cannot be suspended, which relup.yaml wishes: its "
           "release handler restarts the node when one does not say which children it has";
  }
  std::string hint() const override {
    return "leave out `--engine otp`, or write `connections: leave` into `quiesce`";
  }
};

}  // namespace

Objections unsuitable_engine(const FilesView& view) {
  const policy::Quiesce& quiesce = view.request.quiesce;
  const bool suspends =
      !quiesce.listeners.empty() && quiesce.connections == policy::Quiesce::Connections::suspend;
  if (view.request.engine != Engine::otp || !suspends) return {};
  return {object<UnsuitableEngine>()};
}

}  // namespace relup::change::by_files
