// SPDX-License-Identifier: Apache-2.0
#include "change/purge_warnings.hpp"

#include "base/words.hpp"

namespace relup::change {

std::vector<std::string> purge_warnings(const host::ScriptSummary& script, Engine engine) {
  if (engine != Engine::otp) return {};
  std::vector<std::string> modules;
  for (const appup::Action& action : host::actions_of(script)) {
    const auto* purge = std::get_if<appup::PurgeModules>(&action);
    if (purge == nullptr) continue;
    for (const Atom module : purge->modules)
      modules.push_back(module.name());
  }
  if (modules.empty()) return {};
  return {"the script purges " + joined(modules) +
          ": OTP's engine kills whoever runs their code at that moment, processes of other "
          "applications too; relup's own lets them finish"};
}

}  // namespace relup::change
