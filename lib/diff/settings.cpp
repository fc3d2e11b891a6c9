// SPDX-License-Identifier: Apache-2.0
#include "diff/settings.hpp"

#include <array>
#include <map>
#include <optional>

#include "base/map_difference.hpp"
#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::diff {
namespace {

using release::ReleaseTree;

// Printed values by printed names, those by application.
using Configuration = std::map<std::string, NamedValues>;

std::optional<std::string> read_setting(const ReleaseTree& tree, const std::string& name) {
  return tree.reference.files->read_if_exists(tree.own_path(name));
}

// The elements of {Name, Value}; null for anything else.
const Term::Elements* pair_of(const Term& term) {
  const Term::Elements* elements = term.as_tuple();
  return elements != nullptr && elements->size() == 2 ? elements : nullptr;
}

// What Mix writes into every release that has configuration providers: how they are to be run. It
// names paths and the version, so it differs each time and says nothing.
bool is_of_providers(const Term::Elements& application, const Term::Elements& parameter) {
  return application[0].is_atom("elixir") && parameter[0].is_atom("config_provider_init");
}

Configuration configuration_of(const Term& term) {
  Configuration configuration;
  if (!term.is_proper_list()) return configuration;
  for (const Term& entry : *term.as_list()) {
    const Term::Elements* application = pair_of(entry);
    if (application == nullptr || !(*application)[1].is_proper_list()) continue;
    NamedValues& parameters = configuration[print((*application)[0])];
    for (const Term& each : *(*application)[1].as_list()) {
      const Term::Elements* parameter = pair_of(each);
      if (parameter == nullptr || is_of_providers(*application, *parameter)) continue;
      parameters.emplace(print((*parameter)[0]), print((*parameter)[1]));
    }
  }
  return configuration;
}

// None when it does not read.
std::optional<Configuration> read_configuration(const ReleaseTree& tree) {
  const auto text = read_setting(tree, "sys.config");
  if (!text) return Configuration();
  const auto read = read_first_term("sys.config", *text, Dialect::otp27, Encoded::whole_file);
  const auto* file = std::get_if<TermFile>(&read);
  return file == nullptr ? std::nullopt : std::optional(configuration_of(file->term));
}

constexpr std::array settings_files{
    std::pair(SettingsFile::sys_config, "sys.config"),
    std::pair(SettingsFile::sys_config_source, "sys.config.src"),
    std::pair(SettingsFile::vm_args, "vm.args"),
    std::pair(SettingsFile::vm_args_source, "vm.args.src"),
    std::pair(SettingsFile::runtime_config, "runtime.exs"),
    std::pair(SettingsFile::environment, "env.sh"),
    std::pair(SettingsFile::remote_vm_args, "remote.vm.args"),
};

// Whether two texts of sys.config set the same, and differ in what is_of_providers() tells.
bool differ_in_providers_only(const ReleaseTree& old_release, const ReleaseTree& new_release,
                              const std::string& was, const std::string& is) {
  constexpr std::string_view mark = "config_provider_init";
  if (was.find(mark) == std::string::npos && is.find(mark) == std::string::npos) return false;
  const auto before = read_configuration(old_release);
  return before && before == read_configuration(new_release);
}

}  // namespace

std::string_view name_of(SettingsFile file) {
  return settings_files[static_cast<std::size_t>(file)].second;
}

std::vector<SettingsChange> compare_settings(const ReleaseTree& old_release,
                                             const ReleaseTree& new_release) {
  std::vector<SettingsChange> changes;
  for (const auto& [file, name] : settings_files) {
    const auto was = read_setting(old_release, name);
    const auto is = read_setting(new_release, name);
    if (was == is) continue;
    const bool is_no_news = file == SettingsFile::sys_config && was && is &&
                            differ_in_providers_only(old_release, new_release, *was, *is);
    if (is_no_news) continue;
    changes.push_back({file, !was  ? FileStatus::added
                             : !is ? FileStatus::removed
                                   : FileStatus::changed});
  }
  return changes;
}

std::vector<ConfigurationChange> compare_configuration(const ReleaseTree& old_release,
                                                       const ReleaseTree& new_release) {
  std::vector<ConfigurationChange> changes;
  const auto old_configuration = read_configuration(old_release);
  const auto new_configuration = read_configuration(new_release);
  if (!old_configuration || !new_configuration) return changes;
  for_each_difference(*old_configuration, *new_configuration,
                      [&](const std::string& application, const auto* was, const auto* is) {
                        static const NamedValues nothing;
                        NameChanges parameters = compare_names(was == nullptr ? nothing : *was,
                                                               is == nullptr ? nothing : *is);
                        if (parameters.any())
                          changes.push_back({std::move(parameters), application});
                      });
  return changes;
}

}  // namespace relup::diff
