// SPDX-License-Identifier: Apache-2.0
#include "diff_check.hpp"

#include <nlohmann/json.hpp>

#include "base/file_system.hpp"

namespace relup::bench {
namespace {

// What is said of each module, as `APPLICATION MODULE`.
using Statuses = std::map<std::string, std::string>;

Statuses statuses_of(const std::string& json) {
  Statuses statuses;
  const nlohmann::json answer = nlohmann::json::parse(json);
  for (const auto& application : answer.at("applications")) {
    for (const auto& module : application.at("modules")) {
      const std::string name =
          application.at("name").get<std::string>() + " " + module.at("name").get<std::string>();
      statuses[name] = module.at("status").get<std::string>();
    }
  }
  return statuses;
}

Statuses statuses_of(const Expected& expected) {
  Statuses statuses;
  for (const auto& [application, modules] : expected) {
    for (const auto& [module, verdict] : modules)
      statuses[application.name() + " " + module.name()] =
          verdict == Verdict::changed ? "changed" : "rebuilt";
  }
  return statuses;
}

using Contents = std::map<std::string, std::string>;

Contents contents_of(const std::string& directory) {
  Contents contents;
  for (const DirectoryEntry& entry : real_file_system().list(directory))
    contents[entry.name] = real_file_system().read(join_path(directory, entry.name));
  return contents;
}

}  // namespace

std::vector<std::string> compare_answer(const std::string& json, const Expected& expected) {
  const Statuses said = statuses_of(json);
  const Statuses right = statuses_of(expected);
  std::vector<std::string> differences;
  for (const auto& [module, status] : right) {
    const auto found = said.find(module);
    const std::string answer = found == said.end() ? "not listed" : found->second;
    if (answer != status) differences.push_back(module + " is " + status + ", but " + answer);
  }
  for (const auto& [module, status] : said) {
    if (!right.contains(module)) differences.push_back(module + " is as it was, but " + status);
  }
  return differences;
}

std::vector<std::string> findings_in(const std::string& json) {
  std::vector<std::string> findings;
  for (const auto& each : nlohmann::json::parse(json).at("diagnostics"))
    findings.push_back("lint finds in relup's own appups: " + each.dump());
  return findings;
}

std::vector<std::string> compare_directories(const std::string& one, const std::string& other) {
  const Contents left = contents_of(one);
  const Contents right = contents_of(other);
  std::vector<std::string> differences;
  for (const auto& [name, text] : left) {
    const auto found = right.find(name);
    if (found == right.end()) {
      differences.push_back(name + " is only in " + one);
    } else if (found->second != text) {
      differences.push_back(name + " differs");
    }
  }
  for (const auto& entry : right) {
    if (!left.contains(entry.first)) differences.push_back(entry.first + " is only in " + other);
  }
  return differences;
}

}  // namespace relup::bench
