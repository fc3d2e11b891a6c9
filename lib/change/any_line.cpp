// SPDX-License-Identifier: Apache-2.0
#include "change/any_line.hpp"

#include "change/ending.hpp"

namespace relup::change {
namespace {

constexpr Milliseconds line_patience{10'000};
constexpr Milliseconds poll_interval{250};

}  // namespace

void AnyLine::work(const std::string& under_way, const Outcome& outcome,
                   const std::function<void()>& work) {
  for (;;) {
    try {
      return work();
    } catch (const node::NodeError& error) {
      session_.tell_if_died(under_way);
      find(error, outcome);
    }
  }
}

// The node may have been restarted while the line was gone, and then it runs the old release.
void AnyLine::find(const node::NodeError& cause, const Outcome& outcome) {
  if (cause.delivery() == node::Delivery::answered)
    throw uncommitted(outcome, "the node fails").because_of(cause);
  const auto deadline = tools_.clock.steady() + line_patience;
  for (;;) {
    try {
      session_.reconnect();
      if (session_.running(session_.releases()).version == outcome.to) return;
      failed_.explain(outcome.from, outcome.to, cause);
    } catch (const node::NodeError& error) {
      session_.drop();
      const bool is_gone = error.failure() == node::NodeFailure::not_registered ||
                           error.failure() == node::NodeFailure::not_listening;
      if (is_gone) failed_.explain(outcome.from, outcome.to, cause);
      if (tools_.clock.steady() >= deadline || tools_.interruption.signal())
        throw uncommitted(outcome, "the line to the node is lost").because_of(error);
      tools_.clock.sleep(poll_interval);
    }
  }
}

}  // namespace relup::change
