// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the `host` of relup.yaml says of a machine and its releases, as plain data: what one file
// says, what several say together, and what holds then. Every value knows where it is from.
// Settings are replaced as a whole: a list of the stronger file takes the place of the other one.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace relup::policy {

// Where a value was said. Without a file it is the default.
struct Origin {
  std::string file;
  std::uint32_t line = 0;
  bool operator==(const Origin&) const = default;
};

// "/etc/relup/relup.yaml, line 3", "default"
std::string to_text(const Origin& origin);

template <typename Value>
struct Said {
  Value value = {};
  Origin origin = {};
};

// When a command of the operator runs.
enum class Hook { before_install, after_install, before_commit, after_rollback };
constexpr std::array all_hooks{Hook::before_install, Hook::after_install, Hook::before_commit,
                               Hook::after_rollback};
std::string_view name_of(Hook hook);  // "before-install"

enum class Signatures { optional, required };

using Texts = std::vector<std::string>;

// What one file says, or several of them.
struct HostWishes {
  std::optional<Said<Milliseconds>> drain_timeout;
  std::optional<Said<Milliseconds>> suspend_timeout;
  std::optional<Said<Signatures>> signatures;
  std::optional<Said<Texts>> trusted_keys;
  std::array<std::optional<Said<std::string>>, all_hooks.size()> hooks;
  std::optional<Said<Milliseconds>> hook_timeout;
  std::optional<Said<Texts>> probe_commands;
  std::optional<Said<Texts>> probe_functions;

  // Whether it says what is run, or who is trusted: then it matters who could have written it.
  bool gives_power() const;
};

// Each setting as `stronger` says it, else as `weaker` does.
HostWishes merged(const HostWishes& stronger, const HostWishes& weaker);

// What holds on a host.
struct HostSettings {
  Said<Milliseconds> drain_timeout{Milliseconds{30'000}};  // for processes to leave old code
  // For a process to suspend, where the script of the release says nothing else; none: OTP's 5 s.
  Said<std::optional<Milliseconds>> suspend_timeout;
  Said<Signatures> signatures;
  Said<Texts> trusted_keys;                               // files
  std::array<Said<std::string>, all_hooks.size()> hooks;  // commands of the shell; empty: none
  Said<Milliseconds> hook_timeout{Milliseconds{60'000}};
  Said<Texts> probe_commands;   // of the shell
  Said<Texts> probe_functions;  // "shop_health:check/0", on the node

  const std::string& hook(Hook which) const {
    return hooks.at(static_cast<std::size_t>(which)).value;
  }
};

HostSettings settled(const HostWishes& wishes);

// A setting as people and programs read it.
struct ListedSetting {
  std::string name;  // "hooks.before-install"
  Texts values;      // one, or none, unless it is a list
  bool is_list = false;
  Origin origin;
};

// All of them, in the order of the documentation.
std::vector<ListedSetting> listed(const HostSettings& settings);

}  // namespace relup::policy
