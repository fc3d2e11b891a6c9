// SPDX-License-Identifier: Apache-2.0
//
// relup.yaml names listeners whose clients are to wait during the install. What it names must be
// there. Who is connected and what is under way changes by the moment, so that is told and no more;
// the install itself waits for it and refuses in time.

#include "base/words.hpp"
#include "change/objections.hpp"

namespace relup::change::by_node {
namespace {

struct UnusableListener final : Objection {
  explicit UnusableListener(std::string why) : why_(std::move(why)) {}
  ObjectionKind kind() const override { return ObjectionKind::unusable_listener; }
  ErrorCode code() const override { return ErrorCode::usage; }
  std::string sentence() const override { return why_; }
  std::string hint() const override { return "mend `quiesce` in relup.yaml"; }

 private:
  std::string why_;
};

// "listener http lets nobody in during the install; 200 connections are suspended"
std::string in_words(const live::ListenerUse& use, const policy::Quiesce& quiesce) {
  std::string text = "listener " + use.name + " lets nobody in during the install; ";
  const std::size_t others = use.connections - use.suspendable;
  if (quiesce.connections == policy::Quiesce::Connections::leave) {
    text += counted(use.connections, "connection") + " of it go on";
  } else {
    text += counted(use.suspendable, "connection") + " of it stand still";
    if (others > 0) {
      text += ", " + std::to_string(others) +
              " cannot be suspended and go on, since they do not understand system messages";
    }
  }
  if (quiesce.drain_requests.count() > 0) {
    text += "; requests under way (" + std::to_string(use.requests) + " now) get " +
            std::to_string(quiesce.drain_requests.count()) + " ms to end";
  }
  return text;
}

}  // namespace

Objections unusable_listener(const NodeView& view) {
  if (view.quiesce == nullptr || view.quiesce->listeners.empty()) return {};
  try {
    for (const live::ListenerUse& use : view.agent.listeners(*view.quiesce))
      view.findings.notes.push_back(in_words(use, *view.quiesce));
  } catch (const live::QuiesceError& error) {
    return {object<UnusableListener>(error.message())};
  }
  return {};
}

}  // namespace relup::change::by_node
