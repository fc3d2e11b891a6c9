// SPDX-License-Identifier: Apache-2.0
#pragma once

// Clients of tally who wait in old code, as requests to a slow database would: its counter
// withholds their answers until somebody sends `hit release`. The releases that they meet come from
// sources that are changed for that, with an appup that loads tally_connection without suspending
// anybody and purges it brutally.

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "loopback.hpp"
#include "source_variant.hpp"

namespace relup::live_tests {

using Clients = std::vector<std::unique_ptr<Connection>>;

constexpr std::size_t client_count = 50;

// The release `version` answers nobody who hits `wait`.
void withhold_answers(SourceVariant& sources, const std::string& version = "1.0.0");
// Release 1.1.0 is that with other code of a connection; the tarball of both.
void make_brutal_tarball(SourceVariant& sources, BuildMachine& builds);

// They wait for an answer when this returns.
Clients waiting_clients(std::uint16_t port);
// How many get the answer that they wait for, and one more, from one of these releases.
std::size_t answered(const Clients& clients, const std::set<std::string>& versions);

}  // namespace relup::live_tests
