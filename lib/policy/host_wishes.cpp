// SPDX-License-Identifier: Apache-2.0
#include "policy/host_wishes.hpp"

#include <algorithm>

namespace relup::policy {
namespace {

constexpr std::array<std::string_view, all_hooks.size()> hook_names{
    "before-install", "after-install", "before-commit", "after-rollback"};

// Calls `take` with each setting of the one and what the wishes have for it.
template <typename Settings, typename Take>
void for_each_setting(Settings& all, const HostWishes& wishes, Take take) {
  take(all.drain_timeout, wishes.drain_timeout);
  take(all.suspend_timeout, wishes.suspend_timeout);
  take(all.signatures, wishes.signatures);
  take(all.trusted_keys, wishes.trusted_keys);
  for (std::size_t i = 0; i < wishes.hooks.size(); ++i)
    take(all.hooks.at(i), wishes.hooks.at(i));
  take(all.hook_timeout, wishes.hook_timeout);
  take(all.probe_commands, wishes.probe_commands);
  take(all.probe_functions, wishes.probe_functions);
}

// As relup.yaml has it, so that it can be written there.
std::string text_of(Milliseconds time) {
  const auto count = time.count();
  if (count == 0) return "0";
  if (count % 3'600'000 == 0) return std::to_string(count / 3'600'000) + "h";
  if (count % 60'000 == 0) return std::to_string(count / 60'000) + "m";
  if (count % 1'000 == 0) return std::to_string(count / 1'000) + "s";
  return std::to_string(count) + "ms";
}

ListedSetting one(std::string name, std::string value, const Origin& origin) {
  Texts values;
  if (!value.empty()) values.push_back(std::move(value));
  return {std::move(name), std::move(values), false, origin};
}

ListedSetting several(std::string name, const Said<Texts>& setting) {
  return {std::move(name), setting.value, true, setting.origin};
}

}  // namespace

std::string to_text(const Origin& origin) {
  if (origin.file.empty()) return "default";
  return origin.file + ", line " + std::to_string(origin.line);
}

std::string_view name_of(Hook hook) {
  return hook_names.at(static_cast<std::size_t>(hook));
}

bool HostWishes::gives_power() const {
  const bool has_hook = std::any_of(hooks.begin(), hooks.end(),
                                    [](const auto& command) { return command.has_value(); });
  return has_hook || signatures || trusted_keys || probe_commands || probe_functions;
}

HostWishes merged(const HostWishes& stronger, const HostWishes& weaker) {
  HostWishes both = stronger;
  for_each_setting(both, weaker, [](auto& wish, const auto& other) {
    if (!wish) wish = other;
  });
  return both;
}

HostSettings settled(const HostWishes& wishes) {
  HostSettings settings;
  for_each_setting(settings, wishes, [](auto& setting, const auto& wish) {
    if (wish) setting = {wish->value, wish->origin};
  });
  return settings;
}

std::vector<ListedSetting> listed(const HostSettings& settings) {
  const auto& suspend = settings.suspend_timeout;
  const bool is_required = settings.signatures.value == Signatures::required;
  std::vector<ListedSetting> all{
      one("drain_timeout", text_of(settings.drain_timeout.value), settings.drain_timeout.origin),
      one("suspend_timeout", suspend.value ? text_of(*suspend.value) : "", suspend.origin),
      one("signatures", is_required ? "required" : "optional", settings.signatures.origin),
      several("trusted_keys", settings.trusted_keys)};
  for (const Hook hook : all_hooks) {
    const auto& command = settings.hooks.at(static_cast<std::size_t>(hook));
    all.push_back(one("hooks." + std::string(name_of(hook)), command.value, command.origin));
  }
  all.push_back(
      one("hooks.timeout", text_of(settings.hook_timeout.value), settings.hook_timeout.origin));
  all.push_back(several("probes.commands", settings.probe_commands));
  all.push_back(several("probes.functions", settings.probe_functions));
  return all;
}

}  // namespace relup::policy
