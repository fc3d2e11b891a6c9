// SPDX-License-Identifier: Apache-2.0
//
// Modules of the script that the code server would not replace, or whose code in memory was made by
// a tool for the time being. Loading code into a sticky folder fails behind the point of no return.

#include "change/node_forecast.hpp"

namespace relup::change::by_node {
namespace {

using Why = live::UnusableModule::Why;

struct UnusableModule final : Objection {
  explicit UnusableModule(live::UnusableModule module) : module_(std::move(module)) {}
  ObjectionKind kind() const override { return ObjectionKind::unusable_module; }
  ErrorCode code() const override { return ErrorCode::answer_is_no; }
  std::string sentence() const override {
    const std::string name = module_.module.name();
    if (module_.why == Why::cover_compiled) {
      return name + " is cover-compiled: what is in memory is not the code of the release";
    }
    return name + " cannot be replaced, since its folder is sticky: " + module_.place;
  }
  std::string hint() const override {
    return module_.why == Why::cover_compiled ? "stop cover (cover:stop/0), then try again"
                                              : "code:unstick_dir/1 lets it be replaced";
  }

 private:
  live::UnusableModule module_;
};

}  // namespace

Objections unusable_module(const NodeView& view) {
  if (view.script == nullptr) return {};
  Objections found;
  for (const live::UnusableModule& each : forecast_of(view).unusable) {
    if (each.why != Why::no_file) found.push_back(object<UnusableModule>(each));
  }
  return found;
}

}  // namespace relup::change::by_node
