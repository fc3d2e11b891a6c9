// SPDX-License-Identifier: Apache-2.0
#include "change/aftermath.hpp"

#include "base/file_system.hpp"
#include "live/application_settings.hpp"

namespace relup::change {
namespace {

// "shop port is 4000, not 4001"
std::string sentence_of(const live::SettingChange& change) {
  std::string text = "after the install the setting " + change.application;
  for (const std::string& key : change.path)
    text += " " + key;
  if (!change.before) return text + " is not there; the release has " + *change.after;
  if (!change.after) return text + " is " + *change.before + "; the release does not have it";
  return text + " is " + *change.before + ", not " + *change.after + " as in the release";
}

void compare_settings(live::AgentVerbs& agent, const release::ReleaseTree& tree,
                      const Term& configuration, std::vector<std::string>& sentences) {
  const live::Settings wanted = live::settings_of(tree, live::read_settings(configuration),
                                                  live::read_settings(agent.command_line()));
  for (const auto& change : live::compare_settings(live::read_settings(agent.settings()), wanted))
    sentences.push_back(sentence_of(change));
}

// Code that is loaded later is found by name: in the library of that version.
void compare_libraries(live::AgentVerbs& agent, const release::ReleaseTree& tree,
                       std::vector<std::string>& sentences) {
  std::vector<Atom> names;
  for (const release::TreeApplication& application : tree.applications)
    names.push_back(application.name);
  for (const auto& [name, directory] : agent.library_directories(names)) {
    const std::string wanted = base_name(tree.find(name)->directory);
    if (wanted.empty() || base_name(directory) == wanted) continue;
    sentences.push_back("after the install the code of " + name.name() + " is found in " +
                        directory + ", not in " + wanted + " as in the release");
  }
}

}  // namespace

std::vector<std::string> look_around(live::AgentVerbs& agent, const release::ReleaseTree& tree,
                                     const std::optional<Term>& configuration) {
  std::vector<std::string> sentences;
  if (configuration) compare_settings(agent, tree, *configuration, sentences);
  compare_libraries(agent, tree, sentences);
  return sentences;
}

}  // namespace relup::change
