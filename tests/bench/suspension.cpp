// SPDX-License-Identifier: Apache-2.0
#include "suspension.hpp"

#include <algorithm>
#include <set>

#include "appup/appup.hpp"
#include "base/error.hpp"
#include "base/file_system.hpp"
#include "beam/file/beam_file.hpp"
#include "relup/dependency_groups.hpp"
#include "term/term_file.hpp"

namespace relup::bench {
namespace {

using Groups = std::vector<std::vector<std::size_t>>;

Groups groups_of(const Script& script) {
  Problems problems;
  const auto groups = dependency_groups(script, {}, problems);
  if (!groups) throw Error(ErrorCode::bad_input, problems.front().diagnostic.message);
  return *groups;
}

std::size_t largest(const Groups& groups) {
  std::size_t size = 0;
  for (const auto& group : groups)
    size = std::max(size, group.size());
  return size;
}

Term read_term(const std::string& path) {
  return parse_single_term(path, real_file_system().read(path));
}

// The instructions of the first entry of an appup or a relup: `{Vsn, [{From, .., Script}], Down}`.
const Term::Elements& way_up(const Term& file) {
  const Term& entry = (*(*file.as_tuple())[1].as_list()).front();
  return *entry.as_tuple()->back().as_list();
}

void add_appup(const std::string& path, Script& script) {
  const Term appup = read_term(path);
  for (const Term& instruction : way_up(appup))
    script.push_back({std::get<appup::Action>(appup::read_instruction(instruction)), nullptr, {}});
}

std::size_t largest_suspension(const Term& relup) {
  std::size_t size = 0;
  for (const Term& instruction : way_up(relup)) {
    if (!instruction.is_tagged("suspend", 2)) continue;
    size = std::max(size, (*instruction.as_tuple())[1].as_list()->size());
  }
  return size;
}

// --- Distillery's rule ---

std::string ebin_of(const std::string& root, Atom application) {
  const std::string start = application.name() + "-";
  for (const DirectoryEntry& entry : real_file_system().list(root + "/lib")) {
    if (entry.name.starts_with(start)) return root + "/lib/" + entry.name + "/ebin/";
  }
  throw Error(ErrorCode::bad_input, root + " has no application " + application.name());
}

beam::BeamFile read_beam(const std::string& ebin, Atom module) {
  const std::string path = ebin + module.name() + ".beam";
  return {path, real_file_system().read(path)};
}

bool is_supervisor(const beam::BeamFile& beam) {
  const std::vector<Atom> all = beam::behaviours(beam.attributes());
  return std::any_of(all.begin(), all.end(), [](Atom behaviour) {
    return behaviour == "supervisor" || behaviour == "Elixir.Supervisor";
  });
}

bool has_code_change(const beam::BeamFile& beam) {
  const std::vector<beam::Function> exports = beam.exports();
  return std::any_of(exports.begin(), exports.end(), [](const beam::Function& function) {
    const bool is_behaviour =
        function.name == "code_change" && (function.arity == 3 || function.arity == 4);
    return is_behaviour || (function.name == "system_code_change" && function.arity == 4);
  });
}

std::vector<Atom> called_modules(const beam::BeamFile& beam, const std::set<Atom>& among) {
  std::set<Atom> called;
  for (const beam::Import& import : beam.imports()) {
    if (import.module != beam.module() && among.contains(import.module))
      called.insert(import.module);
  }
  return {called.begin(), called.end()};
}

// What a module is comes from its old version, what it calls from its new one, as there.
appup::Action by_imports(const beam::BeamFile& before, const beam::BeamFile& after,
                         const std::set<Atom>& changed) {
  if (is_supervisor(before)) return appup::Update{before.module()};
  std::vector<Atom> dep_mods = called_modules(after, changed);
  if (!has_code_change(before)) {
    return appup::LoadModule{before.module(), appup::Purge::brutal, appup::Purge::brutal,
                             std::move(dep_mods)};
  }
  appup::Update update{before.module()};
  update.dep_mods = std::move(dep_mods);
  return update;
}

void add_application(const std::string& pair_directory, Atom application,
                     const ModuleNames& modules, Script& script) {
  std::set<Atom> changed;
  for (const auto& [module, verdict] : modules) {
    if (verdict == Verdict::changed) changed.insert(module);
  }
  const std::string before = ebin_of(pair_directory + "/old", application);
  const std::string after = ebin_of(pair_directory + "/new", application);
  for (const Atom module : changed) {
    appup::Action action = by_imports(read_beam(before, module), read_beam(after, module), changed);
    script.push_back({std::move(action), nullptr, {}});
  }
}

}  // namespace

GroupSizes group_sizes_of_relup(const std::string& directory) {
  Script script;
  for (const DirectoryEntry& entry : real_file_system().list(directory)) {
    if (entry.name.ends_with(".appup")) add_appup(join_path(directory, entry.name), script);
  }
  return {largest(groups_of(script)), largest_suspension(read_term(directory + "/relup"))};
}

GroupSizes group_sizes_by_imports(const std::string& pair_directory, const Expected& expected) {
  Script script;
  for (const auto& [application, modules] : expected)
    add_application(pair_directory, application, modules, script);
  const Groups groups = groups_of(script);
  GroupSizes sizes{largest(groups), 0};
  for (const auto& group : groups) {
    const auto updated = std::count_if(group.begin(), group.end(), [&](std::size_t member) {
      return std::holds_alternative<appup::Update>(script[member].action);
    });
    sizes.suspended = std::max(sizes.suspended, static_cast<std::size_t>(updated));
  }
  return sizes;
}

}  // namespace relup::bench
