// SPDX-License-Identifier: Apache-2.0
//
// An application that is still starting is not among those that run, so OTP's release handler does
// not look at its processes, and an instruction that restarts it waits for ever. Its supervisor
// answers nobody until all its children are there.

#include "base/words.hpp"
#include "change/node_forecast.hpp"

namespace relup::change::by_node {
namespace {

struct StartingApplication final : Objection {
  explicit StartingApplication(std::vector<std::string> applications)
      : applications_(std::move(applications)) {}
  ObjectionKind kind() const override { return ObjectionKind::starting_application; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    if (applications_.empty()) {
      return "application_controller does not answer within 2 s, so which applications are still "
             "starting is not known, and no install would begin";
    }
    return joined(applications_) + (applications_.size() == 1 ? " is" : " are") +
           " still starting, and processes of an application can be changed only when it runs";
  }
  std::string hint() const override { return "wait until it is done, then try again"; }

 private:
  std::vector<std::string> applications_;
};

}  // namespace

Objections starting_application(const NodeView& view) {
  if (view.script == nullptr) return {};
  const live::Forecast& forecast = forecast_of(view);
  if (forecast.starting.empty() && !forecast.controller_is_silent) return {};
  std::vector<std::string> names;
  for (const Atom application : forecast.starting)
    names.push_back(application.name());
  return {object<StartingApplication>(std::move(names))};
}

}  // namespace relup::change::by_node
