// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lies below a directory, to compare it with what lies there later or elsewhere.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace relup::live_tests {

// Relative path of every file, directory and link -> its type, mode, size and digest, or the target
// of a link. Times count for nothing.
using Listing = std::map<std::string, std::string>;

Listing list_tree(const std::filesystem::path& directory);

// Of a host what an upgrade that fails may not change: all but the log and the port file of tally,
// and the journal.
Listing list_host(const std::filesystem::path& root);

// A packed release has modes of its own choice.
Listing without_modes(Listing listing);

// One line each: "+ PATH" for what only `after` has, "- PATH" for what only `before` has, "! PATH"
// for what differs.
std::vector<std::string> differences(const Listing& before, const Listing& after);

}  // namespace relup::live_tests
