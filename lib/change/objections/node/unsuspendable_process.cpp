// SPDX-License-Identifier: Apache-2.0
//
// A process that is busy for longer than a suspend may take. OTP's release handler passes over it:
// it would go on with new code and its old state, until it crashes. It is not asked, but watched:
// for as long as a suspend may take it has not come back to where it receives messages.

#include "base/words.hpp"
#include "change/node_forecast.hpp"

namespace relup::change::by_node {
namespace {

struct UnsuspendableProcess final : Objection {
  explicit UnsuspendableProcess(std::vector<std::string> processes)
      : processes_(std::move(processes)) {}
  ObjectionKind kind() const override { return ObjectionKind::unsuspendable_process; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    return "busy for more than 5 s, so that it cannot be suspended and would go on with new code "
           "and its old state: " +
           joined(processes_);
  }
  std::string hint() const override {
    return "wait until it is done, or restart it, then try again";
  }

 private:
  std::vector<std::string> processes_;  // "shop_cart <0.284.0> (waits in shop_cart:order/2)"
};

std::string activity_in_words(const live::LateProcess& late) {
  if (late.activity == "calling") return "waits for an answer in ";
  return late.activity == "waiting" ? "waits in " : "runs ";
}

}  // namespace

Objections unsuspendable_process(const NodeView& view) {
  if (view.script == nullptr) return {};
  constexpr std::size_t most = 5;
  std::vector<std::string> stuck;
  std::size_t left = 0;
  for (const live::LateProcess& late : forecast_of(view).late) {
    if (late.kind != live::LateProcess::Kind::stuck) continue;
    if (stuck.size() == most) {
      ++left;
      continue;
    }
    const std::string place =
        late.function.empty() ? "" : " (" + activity_in_words(late) + late.function + ")";
    stuck.push_back(late.module.name() + " " + late.process.shown() + place);
  }
  if (stuck.empty()) return {};
  if (left != 0) stuck.back() += " and " + std::to_string(left) + " more";
  return {object<UnsuspendableProcess>(std::move(stuck))};
}

}  // namespace relup::change::by_node
