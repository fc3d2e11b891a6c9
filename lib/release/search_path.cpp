// SPDX-License-Identifier: Apache-2.0
#include "release/search_path.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "base/regex.hpp"

namespace relup::release {
namespace {

std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> parts;
  if (path.starts_with('/')) parts.emplace_back("/");
  std::size_t begin = 0;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// What is at the end of links at `path`; nothing where the system does not let us look, as
// `filelib:is_dir/1` has it: a link that leads in a circle, a name that is too long.
FileType type_at(FileSystem& files, const std::string& path) {
  try {
    const std::optional<FileInfo> info = files.info(path);
    return info ? info->type : FileType::other;
  } catch (const Error& error) {
    if (error.error_number() == 0) throw;
    return FileType::other;
  }
}

// A component with stars as the regular expression that OTP makes of it
// (`systools_lib:get_path/1`): a star is any text without a slash, a component that is only a star
// is not empty. Nothing is escaped, so a dot is any character.
std::string regex_of(const std::string& component) {
  std::string regex;
  for (const char letter : component)
    regex += letter == '*' ? "[^/]*" : std::string(1, letter);
  return regex;
}

std::vector<std::string> matching_directories(FileSystem& files, const std::string& directory,
                                              const std::string& component) {
  std::vector<std::string> found;
  if (component.find('*') == std::string::npos) {
    const std::string path = join_path(directory, component);
    if (type_at(files, path) == FileType::directory) found.push_back(path);
    return found;
  }
  const std::string listed = directory.empty() ? "." : directory;
  if (type_at(files, listed) != FileType::directory) return found;
  const std::string regex = regex_of(component);
  for (const DirectoryEntry& entry : files.list(listed)) {
    const bool matches = component == "*" || match_regex(regex, entry.name).is_whole;
    if (!matches) continue;
    const std::string path = join_path(directory, entry.name);
    if (entry.type == FileType::directory || type_at(files, path) == FileType::directory)
      found.push_back(path);
  }
  return found;
}

}  // namespace

std::vector<std::string> expand_wildcards(FileSystem& files, const std::string& pattern) {
  if (pattern.empty()) return {};
  std::vector<std::string> found{""};
  for (const std::string& component : components(pattern)) {
    std::vector<std::string> deeper;
    for (const std::string& directory : found) {
      for (std::string& match : matching_directories(files, directory, component)) {
        deeper.push_back(std::move(match));
      }
    }
    found = std::move(deeper);
  }
  return found;
}

SearchPath::SearchPath(FileSystem& files, const std::vector<std::string>& patterns)
    : files_(files) {
  std::unordered_set<std::string> seen;
  for (const std::string& pattern : patterns) {
    for (std::string& directory : expand_wildcards(files, pattern)) {
      if (seen.insert(directory).second) directories_.push_back(std::move(directory));
    }
  }
  app_files_.resize(directories_.size());
}

const std::vector<std::string>& SearchPath::app_files_in(std::size_t directory) {
  auto& known = app_files_[directory];
  if (known) return *known;
  known.emplace();
  for (DirectoryEntry& entry : files_.list(directories_[directory])) {
    if (!entry.name.ends_with(".app") || entry.type == FileType::directory) continue;
    // A link counts for what it leads to.
    const std::string path = join_path(directories_[directory], entry.name);
    if (entry.type == FileType::regular || type_at(files_, path) == FileType::regular)
      known->push_back(std::move(entry.name));
  }
  std::sort(known->begin(), known->end());
  return *known;
}

std::vector<std::string> SearchPath::holding(const std::string& app_file_name) {
  std::vector<std::string> holding;
  for (std::size_t i = 0; i < directories_.size(); ++i) {
    const auto& names = app_files_in(i);
    if (std::binary_search(names.begin(), names.end(), app_file_name))
      holding.push_back(directories_[i]);
  }
  return holding;
}

std::vector<std::string> SearchPath::called_after(const std::string& application) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < directories_.size(); ++i) {
    const std::string& directory = directories_[i];
    bool belongs = false;
    if (base_name(directory) == "ebin") {
      const std::string folder = base_name(parent_path(directory));
      belongs = folder == application || folder.starts_with(application + "-");
    } else {
      const auto& names = app_files_in(i);
      belongs = std::binary_search(names.begin(), names.end(), application + ".app");
    }
    if (belongs) found.push_back(directory);
  }
  return found;
}

}  // namespace relup::release
