// SPDX-License-Identifier: Apache-2.0
//
// OTP's release handler finds processes by walking the tree of supervisors, and believes what is
// declared there. Whoever is no supervisor and is asked for children may end by that; whoever is
// declared wrongly is not found, and runs new code with its old state. relup's own engine does not
// walk; where OTP's is to be taken, this stands in the way.

#include "base/words.hpp"
#include "change/forecast_in_words.hpp"
#include "change/node_forecast.hpp"

namespace relup::change::by_node {
namespace {

struct OutOfReachOfOtp final : Objection {
  explicit OutOfReachOfOtp(live::TreeDifference difference) : difference_(std::move(difference)) {}
  ObjectionKind kind() const override { return ObjectionKind::out_of_reach_of_otp; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override { return in_words(difference_); }
  std::string hint() const override {
    return "declare it as what it is, or let relup's own engine do it";
  }

 private:
  live::TreeDifference difference_;
};

}  // namespace

// A script that suspends nobody makes nobody walk.
Objections out_of_reach_of_otp(const NodeView& view) {
  if (view.script == nullptr || view.script->suspended.empty()) return {};
  Objections found;
  if (view.engine == Engine::relup) return found;
  for (const live::TreeDifference& each : forecast_of(view).differences) {
    if (each.kind != live::TreeDifference::Kind::not_of_module)
      found.push_back(object<OutOfReachOfOtp>(each));
  }
  return found;
}

}  // namespace relup::change::by_node
