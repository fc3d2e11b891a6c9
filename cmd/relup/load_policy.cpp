// SPDX-License-Identifier: Apache-2.0
#include "load_policy.hpp"

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "policy/read_policy.hpp"

namespace relup::cmd {

std::optional<policy::Policy> load_policy(Console& console) {
  const std::string& named = console.options().config;
  const std::string file = named.empty() ? "relup.yaml" : named;
  const auto text = real_file_system().read_if_exists(file);
  if (!text && !named.empty()) {
    throw Error(ErrorCode::usage, "there is no " + named).with_hint("--config names a relup.yaml");
  }
  if (!text) return policy::Policy();
  console.detail("policy: " + file);
  policy::ReadPolicy read = policy::read_policy(file, *text);
  console.show(read.diagnostics);
  if (has_errors(read.diagnostics)) return std::nullopt;
  return std::move(read.policy);
}

}  // namespace relup::cmd
