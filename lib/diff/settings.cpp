// SPDX-License-Identifier: Apache-2.0
#include "diff/settings.hpp"

#include <map>
#include <optional>
#include <set>

#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::diff {
namespace {

using release::ReleaseTree;

// Printed values by printed names, those by application.
using Parameters = std::map<std::string, std::string>;
using Configuration = std::map<std::string, Parameters>;

std::optional<std::string> read_setting(const ReleaseTree& tree, const std::string& name) {
  return tree.reference.files->read_if_exists(tree.own_path(name));
}

// The elements of {Name, Value}; null for anything else.
const Term::Elements* pair_of(const Term& term) {
  const Term::Elements* elements = term.as_tuple();
  return elements != nullptr && elements->size() == 2 ? elements : nullptr;
}

Configuration configuration_of(const Term& term) {
  Configuration configuration;
  if (!term.is_proper_list()) return configuration;
  for (const Term& entry : *term.as_list()) {
    const Term::Elements* application = pair_of(entry);
    if (application == nullptr || !(*application)[1].is_proper_list()) continue;
    Parameters& parameters = configuration[print((*application)[0])];
    for (const Term& each : *(*application)[1].as_list()) {
      if (const Term::Elements* parameter = pair_of(each))
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

ConfigurationChange compare(const std::string& application, const Parameters& before,
                            const Parameters& after) {
  ConfigurationChange change{application, {}, {}, {}};
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (old == before.end()) {
      change.added.push_back(name);
    } else if (old->second != value) {
      change.changed.push_back(name);
    }
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) change.removed.push_back(name);
  }
  return change;
}

}  // namespace

std::vector<std::string> compare_settings(const ReleaseTree& from, const ReleaseTree& to) {
  std::vector<std::string> settings;
  for (const char* name : {"sys.config", "sys.config.src", "vm.args", "vm.args.src", "runtime.exs",
                           "env.sh", "remote.vm.args"}) {
    const auto before = read_setting(from, name);
    const auto after = read_setting(to, name);
    if (before == after) continue;
    settings.push_back(std::string(name) + (!before  ? " is new"
                                            : !after ? " is gone"
                                                     : " differs"));
  }
  return settings;
}

std::vector<ConfigurationChange> compare_configuration(const ReleaseTree& from,
                                                       const ReleaseTree& to) {
  std::vector<ConfigurationChange> changes;
  auto before = read_configuration(from);
  auto after = read_configuration(to);
  if (!before || !after) return changes;
  std::set<std::string> applications;
  for (const Configuration* each : {&*before, &*after}) {
    for (const auto& entry : *each)
      applications.insert(entry.first);
  }
  for (const std::string& application : applications) {
    ConfigurationChange change =
        compare(application, (*before)[application], (*after)[application]);
    if (!change.added.empty() || !change.removed.empty() || !change.changed.empty())
      changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace relup::diff
