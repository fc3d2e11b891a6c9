// SPDX-License-Identifier: Apache-2.0
#include "listing.hpp"

#include "base/digest.hpp"
#include "source_variant.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

std::string description(const fs::directory_entry& entry) {
  const fs::file_status status = entry.symlink_status();
  const std::string mode = std::to_string(static_cast<unsigned>(status.permissions()));
  if (fs::is_symlink(status)) return "link to " + fs::read_symlink(entry.path()).string();
  if (fs::is_directory(status)) return "directory; mode " + mode;
  if (!fs::is_regular_file(status)) return "something else";
  const std::string bytes = read_file(entry.path());
  return "file, " + std::to_string(bytes.size()) + " bytes, " + sha256_hex(bytes) + "; mode " +
         mode;
}

}  // namespace

Listing list_tree(const fs::path& directory) {
  Listing listing;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
    listing.emplace(entry.path().lexically_relative(directory), description(entry));
  }
  return listing;
}

Listing list_host(const fs::path& root) {
  Listing listing = list_tree(root);
  std::erase_if(listing, [](const auto& item) {
    const std::string& path = item.first;
    return path == "log" || path.starts_with("log/") || path == "tally.port" || path == ".relup" ||
           path == ".relup/journal" || path == ".relup/kept";
  });
  return listing;
}

Listing without_modes(Listing listing) {
  for (auto& item : listing)
    item.second = item.second.substr(0, item.second.find("; mode "));
  return listing;
}

std::vector<std::string> differences(const Listing& before, const Listing& after) {
  std::vector<std::string> found;
  for (const auto& [path, description] : before) {
    const auto other = after.find(path);
    if (other == after.end()) {
      found.push_back("- " + path);
    } else if (other->second != description) {
      found.push_back("! " + path + ": " + description + " -> " + other->second);
    }
  }
  for (const auto& item : after) {
    if (!before.contains(item.first)) found.push_back("+ " + item.first);
  }
  return found;
}

}  // namespace relup::live_tests
