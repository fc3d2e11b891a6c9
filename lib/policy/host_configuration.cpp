// SPDX-License-Identifier: Apache-2.0
#include "policy/host_configuration.hpp"

#include "base/error.hpp"
#include "policy/read_policy.hpp"

namespace relup::policy {
namespace {

constexpr std::uint32_t superuser = 0;
constexpr unsigned group_writes = 0020;
constexpr unsigned others_write = 0002;

// Who else could have written the file: words for a sentence, or nothing. A group of its own is
// what many systems give to each user, so a group counts only where root is to believe it.
std::string stranger(const FileInfo& info, std::uint32_t user) {
  if (info.owner != user && info.owner != superuser)
    return "it belongs to user " + std::to_string(info.owner);
  if ((info.mode & others_write) != 0) return "everybody may write it";
  if (user == superuser && (info.mode & group_writes) != 0)
    return "group " + std::to_string(info.group) + " may write it";
  return "";
}

void check_writers(FileSystem& files, const std::string& path, std::uint32_t user) {
  const auto info = files.info(path);
  const std::string who = info ? stranger(*info, user) : "";
  if (who.empty()) return;
  const std::string us = user == superuser ? "root" : "user " + std::to_string(user);
  throw Error(ErrorCode::usage, path + " says what " + us + " is to run or to trust, but " + who)
      .with_hint("let it belong to root or to the user that runs relup, with mode 0644");
}

}  // namespace

HostConfiguration read_host_configuration(FileSystem& files,
                                          const std::vector<ConfigurationFile>& sources,
                                          std::uint32_t user) {
  HostConfiguration configuration;
  HostWishes all;
  for (const ConfigurationFile& source : sources) {
    const auto text = files.read_if_exists(source.path);
    if (!text && source.presence == ConfigurationFile::Presence::required) {
      throw Error(ErrorCode::usage, "there is no " + source.path)
          .with_hint("--config names a relup.yaml");
    }
    if (!text) continue;
    ReadPolicy read = read_policy(source.path, *text);
    if (read.host.gives_power()) check_writers(files, source.path, user);
    all = merged(all, read.host);
    configuration.files.push_back(source.path);
    for (Diagnostic& fault : read.diagnostics)
      configuration.diagnostics.push_back(std::move(fault));
  }
  configuration.settings = settled(all);
  return configuration;
}

}  // namespace relup::policy
