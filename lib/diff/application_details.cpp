// SPDX-License-Identifier: Apache-2.0
#include "diff/application_details.hpp"

#include <algorithm>
#include <map>

#include "term/printer.hpp"

namespace relup::diff {
namespace {

using release::AppFile;

// Names to what they stand for; equal names are compared by that.
using Named = std::map<std::string, std::string>;

struct Differences {
  std::string added;
  std::string removed;
  std::string changed;
};

void add_to(std::string& list, const std::string& name) {
  list += (list.empty() ? "" : ", ") + name;
}

Differences compare(const Named& before, const Named& after) {
  Differences differences;
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (old == before.end()) add_to(differences.added, name);
    if (old != before.end() && old->second != value) add_to(differences.changed, name);
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) add_to(differences.removed, name);
  }
  return differences;
}

// "environment: new port; gone host; changed depth"
void report(const std::string& what, const Differences& differences,
            std::vector<std::string>& details) {
  std::string text;
  const auto add = [&text](const char* word, const std::string& names) {
    if (!names.empty()) text += (text.empty() ? "" : "; ") + std::string(word) + names;
  };
  add("new ", differences.added);
  add("gone ", differences.removed);
  add("changed ", differences.changed);
  if (!text.empty()) details.push_back(what + ": " + text);
}

Named names(const std::vector<Atom>& atoms) {
  Named named;
  for (const Atom atom : atoms)
    named.emplace(atom.name(), "");
  return named;
}

// The keys of a list of {Key, Value}.
Named entries(const Term& list) {
  Named named;
  if (!list.is_proper_list()) return named;
  for (const Term& entry : *list.as_list()) {
    const Term::Elements* pair = entry.as_tuple();
    if (pair != nullptr && pair->size() == 2) named.emplace(print((*pair)[0]), print((*pair)[1]));
  }
  return named;
}

void collect_files(const release::ReleaseFiles& files, const std::string& directory,
                   const std::string& below, Named& named) {
  for (const std::string& name : files.names_in(directory)) {
    const std::string path = directory + "/" + name;
    const std::string relative = below + name;
    if (files.exists(path)) {
      named.emplace(relative, files.sha256(path));
    } else {
      collect_files(files, path, relative + "/", named);
    }
  }
}

Named private_files(const ApplicationPart& application) {
  Named named;
  collect_files(*application.tree.reference.files, application.files.directory + "/priv", "",
                named);
  return named;
}

// How the application is started.
Named start(const ApplicationPart& application) {
  const AppFile& resource = application.resource;
  const release::RelApplication* listed = application.tree.release.rel.find(application.files.name);
  return {{"start type", listed == nullptr ? "" : listed->start_type.name()},
          {"start module", print(resource.start_module)},
          {"start phases", print(resource.start_phases)}};
}

}  // namespace

std::vector<std::string> compare_details(const ApplicationPart& before,
                                         const ApplicationPart& after) {
  std::vector<std::string> details;
  const AppFile& was = before.resource;
  const AppFile& is = after.resource;
  report("needs", compare(names(was.applications), names(is.applications)), details);
  report("includes", compare(names(was.included_applications), names(is.included_applications)),
         details);
  report("start", compare(start(before), start(after)), details);
  report("environment", compare(entries(was.environment), entries(is.environment)), details);
  report("registered names", compare(names(was.registered), names(is.registered)), details);
  report("priv", compare(private_files(before), private_files(after)), details);
  return details;
}

std::vector<std::string> check_module_list(const ApplicationPart& application) {
  std::vector<std::string> faults;
  std::vector<Atom> listed = application.resource.modules;
  std::sort(listed.begin(), listed.end());
  const std::vector<Atom>& present = application.files.beam_modules;
  const auto is_in = [](const std::vector<Atom>& sorted, Atom module) {
    return std::binary_search(sorted.begin(), sorted.end(), module);
  };
  for (const Atom module : listed) {
    if (!is_in(present, module)) {
      faults.push_back("lists " + module.name() + ", which is not in its ebin");
    }
  }
  for (const Atom module : present) {
    if (!is_in(listed, module)) {
      faults.push_back("has " + module.name() + ", which its .app file does not list");
    }
  }
  return faults;
}

}  // namespace relup::diff
