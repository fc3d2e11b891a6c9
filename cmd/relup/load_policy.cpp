// SPDX-License-Identifier: Apache-2.0
#include "load_policy.hpp"

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "policy/host_configuration.hpp"
#include "policy/read_policy.hpp"

namespace relup::cmd {

namespace {

// The first of `places` where there is something.
std::optional<policy::Policy> load_first(const std::vector<std::string>& places, Console& console) {
  for (const std::string& file : places) {
    const auto text = real_file_system().read_if_exists(file);
    if (!text) continue;
    console.detail("policy: " + file);
    policy::ReadPolicy read = policy::read_policy(file, *text);
    console.show(read.diagnostics);
    if (has_errors(read.diagnostics)) return std::nullopt;
    return std::move(read.policy);
  }
  const std::string& named = console.options().config;
  if (named.empty()) return policy::Policy();
  throw Error(ErrorCode::usage, "there is no " + named).with_hint("--config names a relup.yaml");
}

// A root that cannot be found is told by the verb.
std::optional<std::string> root_of(const HostOptions& options) {
  try {
    return root_if_any(options);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<policy::Policy> load_policy(Console& console) {
  const std::string& named = console.options().config;
  return load_first({named.empty() ? policy::file_in_root : named}, console);
}

std::optional<policy::Policy> load_policy(const HostOptions& options, Console& console) {
  if (!console.options().config.empty()) return load_policy(console);
  std::vector<std::string> places{policy::file_in_root};
  if (const auto root = root_of(options)) places.push_back(join_path(*root, policy::file_in_root));
  places.emplace_back(policy::machine_file);
  return load_first(places, console);
}

}  // namespace relup::cmd
