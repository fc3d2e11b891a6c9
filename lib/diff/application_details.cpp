// SPDX-License-Identifier: Apache-2.0
#include "diff/application_details.hpp"

#include <algorithm>

#include "term/printer.hpp"

namespace relup::diff {
namespace {

using release::AppFile;
using Kind = ApplicationDetail::Kind;

// Equal names are compared by what they stand for.
NamedValues names(const std::vector<Atom>& atoms) {
  NamedValues named;
  for (const Atom atom : atoms)
    named.emplace(atom.name(), "");
  return named;
}

// The keys of a list of {Key, Value}.
NamedValues entries(const Term& list) {
  NamedValues named;
  if (!list.is_proper_list()) return named;
  for (const Term& entry : *list.as_list()) {
    const Term::Elements* pair = entry.as_tuple();
    if (pair != nullptr && pair->size() == 2) named.emplace(print((*pair)[0]), print((*pair)[1]));
  }
  return named;
}

void collect_files(const release::ReleaseFiles& files, const std::string& directory,
                   const std::string& below, NamedValues& named) {
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

NamedValues private_files(const ApplicationPart& application) {
  NamedValues named;
  collect_files(*application.tree.reference.files, application.files.directory + "/priv", "",
                named);
  return named;
}

// How the application is started.
NamedValues start(const ApplicationPart& application) {
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
  const std::string rest = file.substr(extension + 3);
  return rest.empty() || rest.front() == '.';  // libx.so, libx.so.1
}

// Libraries that both versions have; one that is new can simply be loaded.
void add_changed_libraries(const NameChanges& files, std::vector<FixedAtStart>& found) {
  for (const std::string& file : files.changed) {
    if (is_native_library(file)) found.emplace_back(ChangedLibrary{file});
  }
}

void add_detail(Kind kind, NameChanges names, std::vector<ApplicationDetail>& details) {
  if (names.any()) details.push_back({kind, std::move(names), std::nullopt});
}

}  // namespace

void compare_details(const ApplicationPart& old_part, const ApplicationPart& new_part,
                     ApplicationChange& change) {
  const AppFile& was = old_part.resource;
  const AppFile& is = new_part.resource;
  const NameChanges files = compare_names(private_files(old_part), private_files(new_part));
  const auto add = [&](Kind kind, const NamedValues& old_values, const NamedValues& new_values) {
    add_detail(kind, compare_names(old_values, new_values), change.details);
  };
  add(Kind::needs, names(was.applications), names(is.applications));
  add(Kind::includes, names(was.included_applications), names(is.included_applications));
  add(Kind::start, start(old_part), start(new_part));
  add(Kind::environment, entries(was.environment), entries(is.environment));
  add(Kind::registered_names, names(was.registered), names(is.registered));
  add_detail(Kind::private_files, files, change.details);
  add_changed_libraries(files, change.fixed_at_start);
  if (!(start_module(was) == start_module(is)))
    change.fixed_at_start.emplace_back(ChangedStartModule{start_module(was), start_module(is)});
}

std::vector<ApplicationDetail> check_module_list(const ApplicationPart& application) {
  std::vector<ApplicationDetail> faults;
  std::vector<Atom> listed = application.resource.modules;
  std::sort(listed.begin(), listed.end());
  const std::vector<Atom>& present = application.files.beam_modules;
  const auto is_in = [](const std::vector<Atom>& sorted, Atom module) {
    return std::binary_search(sorted.begin(), sorted.end(), module);
  };
  for (const Atom module : listed) {
    if (!is_in(present, module)) faults.push_back({Kind::missing_module, {}, module});
  }
  for (const Atom module : present) {
    if (!is_in(listed, module)) faults.push_back({Kind::unlisted_module, {}, module});
  }
  return faults;
}

}  // namespace relup::diff
