// SPDX-License-Identifier: Apache-2.0
#include "generate/soften.hpp"

#include <algorithm>

namespace relup::generate {
namespace {

using release::Application;

bool has_module(const release::ResolvedRelease& release, Atom module) {
  return std::any_of(release.applications.begin(), release.applications.end(),
                     [module](const Application& application) {
                       const std::vector<Atom>& modules = application.file.modules;
                       return std::find(modules.begin(), modules.end(), module) != modules.end();
                     });
}

}  // namespace

void soften(Script& script, const release::ResolvedRelease& target) {
  for (appup::Instruction& step : script) {
    if (step.source) continue;
    if (auto* load = std::get_if<appup::Load>(&step.action)) {
      load->pre_purge = load->post_purge = appup::Purge::soft;
    } else if (auto* remove = std::get_if<appup::Remove>(&step.action)) {
      remove->pre_purge = remove->post_purge = appup::Purge::soft;
    }
  }
  std::erase_if(script, [&target](const appup::Instruction& step) {
    if (step.source) return false;
    const auto* remove = std::get_if<appup::Remove>(&step.action);
    return std::holds_alternative<appup::PurgeModules>(step.action) ||
           (remove != nullptr && has_module(target, remove->module));
  });
}

}  // namespace relup::generate
