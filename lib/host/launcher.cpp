// SPDX-License-Identifier: Apache-2.0
#include "host/launcher.hpp"

#include "base/error.hpp"
#include "base/replace_file.hpp"

namespace relup::host {
namespace {

// A line `REL_VSN="1.2.3"` (extended_bin of relx, and its small brother).
std::optional<std::string> written_version(const std::string& script) {
  constexpr std::string_view assignment = "\nREL_VSN=\"";
  const std::size_t at = script.find(assignment);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + assignment.size();
  const std::size_t end = script.find('"', begin);
  if (end == std::string::npos) return std::nullopt;
  return script.substr(begin, end - begin);
}

}  // namespace

std::string launcher_of(const std::string& name, const std::string& version) {
  return "bin/" + name + "-" + version;
}

std::optional<std::string> launched_version(FileSystem& files, const Host& host) {
  const auto script = files.read_if_exists(host.path("bin/" + host.name));
  return script ? written_version(*script) : std::nullopt;
}

void check_launcher(FileSystem& files, const Host& host, const std::string& version) {
  const auto launched = launched_version(files, host);
  const std::string launcher = launcher_of(host.name, version);
  if (!launched || *launched == version || files.is_file(host.path(launcher))) return;
  throw Error(ErrorCode::bad_input, "bin/" + host.name + " starts " + *launched +
                                        ", and there is no " + launcher + " to replace it with")
      .with_hint("put the bin/" + host.name + " of release " + version + " there");
}

void switch_launcher(FileSystem& files, const Host& host, const std::string& version) {
  const auto launched = launched_version(files, host);
  if (!launched || *launched == version) return;
  check_launcher(files, host, version);
  // It may be a link to the launcher of one version, which must stay what it is.
  replace_file(files, host.path("bin/" + host.name),
               files.read(host.path(launcher_of(host.name, version))),
               {.links = Links::replace, .content = Content::program});
}

}  // namespace relup::host
