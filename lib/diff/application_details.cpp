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

// The module of {Module, Arguments}; [] for a library application.
Term start_module(const AppFile& resource) {
  const Term::Elements* start = resource.start_module.as_tuple();
  return start == nullptr || start->empty() ? Term() : start->front();
}

bool is_native_library(const std::string& file) {
  const std::size_t name = file.rfind('/') + 1;  // 0 without a directory
  const std::size_t extension = file.find(".so", name);
  if (extension == std::string::npos) return false;
  const std::string behind = file.substr(extension + 3);
  return behind.empty() || behind.front() == '.';  // libx.so, libx.so.1
}

// Libraries that both versions have; one that is new can simply be loaded.
void add_changed_libraries(const Named& before, const Named& after,
                           std::vector<std::string>& found) {
  for (const auto& [file, digest] : after) {
    const auto old = before.find(file);
    const bool differs = old != before.end() && old->second != digest;
    if (differs && is_native_library(file)) found.push_back("priv/" + file + " changed");
  }
}

}  // namespace

void compare_details(const ApplicationPart& before, const ApplicationPart& after,
                     ApplicationChange& change) {
  std::vector<std::string>& details = change.details;
  const AppFile& was = before.resource;
  const AppFile& is = after.resource;
  report("needs", compare(names(was.applications), names(is.applications)), details);
  report("includes", compare(names(was.included_applications), names(is.included_applications)),
         details);
  report("start", compare(start(before), start(after)), details);
  report("environment", compare(entries(was.environment), entries(is.environment)), details);
  report("registered names", compare(names(was.registered), names(is.registered)), details);
  const Named old_files = private_files(before);
  const Named new_files = private_files(after);
  report("priv", compare(old_files, new_files), details);
  add_changed_libraries(old_files, new_files, change.fixed_at_start);
  if (!(start_module(was) == start_module(is))) {
    change.fixed_at_start.push_back("its start module changed from " + print(start_module(was)) +
                                    " to " + print(start_module(is)));
  }
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
