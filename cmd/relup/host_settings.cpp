// SPDX-License-Identifier: Apache-2.0
#include "host_settings.hpp"

#include <unistd.h>

#include "base/error.hpp"

namespace relup::cmd {
namespace {

// "/etc/relup/relup.yaml, line 3: `signatures` is `yes`; expected optional or required"
std::string in_words(const Diagnostic& fault) {
  std::string text = fault.file;
  if (fault.source)
    text += ", line " + std::to_string(fault.source->position(fault.span.begin).line);
  text += ": " + fault.message;
  for (const std::string& note : fault.notes)
    text += "; " + note;
  return text;
}

}  // namespace

policy::HostConfiguration read_host_settings(const std::optional<std::string>& root,
                                             const Console& console) {
  using Presence = policy::ConfigurationFile::Presence;
  std::vector<policy::ConfigurationFile> sources;
  if (root) sources.push_back({join_path(*root, policy::file_in_root)});
  const std::string& named = console.options().config;
  sources.push_back(named.empty() ? policy::ConfigurationFile{policy::machine_file}
                                  : policy::ConfigurationFile{named, Presence::required});
  return policy::read_host_configuration(real_file_system(), sources, ::geteuid());
}

policy::HostSettings load_host_settings(const std::string& root, Console& console) {
  policy::HostConfiguration configuration = read_host_settings(root, console);
  if (!configuration.diagnostics.empty()) {
    throw Error(ErrorCode::usage, in_words(configuration.diagnostics.front()))
        .with_hint("`relup config` shows all that is wrong");
  }
  for (const std::string& file : configuration.files)
    console.detail("settings: " + file);
  return std::move(configuration.settings);
}

}  // namespace relup::cmd
