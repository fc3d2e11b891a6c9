// SPDX-License-Identifier: Apache-2.0
#pragma once

// The options that say how an install is ended: who is waited for, who may be killed, what must
// hold, and what happens when nobody confirms it. What a call says wrongly is an Error (usage).

#include "change/change.hpp"
#include "verb.hpp"

namespace relup::cmd {

struct EndOptions {
  std::string drain_timeout;  // empty: as the settings of the host say
  std::vector<std::string> kill;
};

// What an upgrade and a downgrade can be told besides.
struct WatchOptions {
  std::string confirm_within;
  std::vector<std::string> probes;
  std::vector<std::string> probe_functions;
};

Argument kill_argument(std::vector<std::string>& modules);
Argument drain_argument(EndOptions& options);
Arguments watch_arguments(WatchOptions& options);

// Modules as a user writes them: those of Elixir may come without the prefix that they have as
// atoms ("Shop.Cart").
std::vector<Atom> modules_named(const std::vector<std::string>& names);

// What a call does not say is as the settings of the host say.
change::EndRequest meaning_of(const EndOptions& options, const policy::HostSettings& settings);
change::Probes probes_of(const WatchOptions& options, const policy::HostSettings& settings);
std::optional<Milliseconds> confirmation_of(const WatchOptions& options);

}  // namespace relup::cmd
