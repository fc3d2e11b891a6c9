// SPDX-License-Identifier: Apache-2.0
#include "host/boot_state.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "host/host.hpp"
#include "host/launcher.hpp"
#include "release/boot_script.hpp"
#include "release/reference.hpp"
#include "release/rel_file.hpp"
#include "release/system_applications.hpp"
#include "term/term_file.hpp"

namespace relup::host {
namespace {

using release::DirectoryFiles;

constexpr const char* releases_path = "releases/RELEASES";
constexpr const char* start_erl_data_path = "releases/start_erl.data";

std::optional<release::RelFile> read_rel(const DirectoryFiles& tree, const std::string& version) {
  try {
    const std::string path = release::find_rel_file(tree, version);
    const auto text = read_first_term(path, tree.read(path));
    const auto* file = std::get_if<TermFile>(&text);
    Problems problems;
    return file == nullptr ? std::nullopt
                           : release::read_rel_term(file->term, file->source, problems);
  } catch (const Error& error) {
    if (error.error_number() != 0) throw;
    return std::nullopt;
  }
}

BootFile boot_file_of(const DirectoryFiles& tree, const std::string& version) {
  if (!tree.exists(release::boot_script_path(version))) return BootFile::missing;
  try {
    const Term script = release::read_boot_script(tree, version);
    if (!script.is_tagged("script", 3)) return BootFile::torn;
    const Term::Elements* id = (*script.as_tuple())[1].as_tuple();
    const bool is_its_own = id != nullptr && id->size() == 2 && (*id)[1] == Term::string(version);
    return is_its_own ? BootFile::whole : BootFile::of_another_release;
  } catch (const Error& error) {
    if (error.error_number() != 0) throw;
    return BootFile::torn;
  }
}

std::optional<UnpackedRelease> read_release(FileSystem& files, const DirectoryFiles& tree,
                                            const std::string& version) {
  const auto rel = read_rel(tree, version);
  if (!rel || rel->version != version) return std::nullopt;
  UnpackedRelease found{rel->name, version, rel->erts_version, true, {}, {}};
  found.brings_emulator = release::brings_emulator(tree, rel->erts_version);
  for (const release::RelApplication& each : rel->applications) {
    ListedLibrary library{each.name.name(), each.version, each.start_type != "none"};
    library.is_in_root = files.is_directory(join_path(tree.name(), library.directory()));
    found.libraries.push_back(std::move(library));
  }
  found.boot_file = boot_file_of(tree, version);
  return found;
}

void read_unpacked(FileSystem& files, BootState& state) {
  if (!files.is_directory(join_path(state.root, "releases"))) return;
  const DirectoryFiles tree(files, state.root);
  for (const std::string& version : release::versions_in(tree)) {
    if (!files.is_directory(join_path(state.root, "releases/" + version))) continue;
    if (auto found = read_release(files, tree, version))
      state.unpacked.push_back(*std::move(found));
  }
}

// Reads a file, and gives its bytes to `parse` when there are any.
template <typename Parse>
Legibility read_file(FileSystem& files, const std::string& path, Parse parse) {
  const std::optional<std::string> bytes = files.read_if_exists(path);
  if (!bytes) return Legibility::missing;
  if (bytes->empty()) return Legibility::empty;
  try {
    parse(*bytes);
    return Legibility::whole;
  } catch (const Error&) {
    return Legibility::torn;
  }
}

// Of what boots, where that can be said; all releases of a root have one name.
std::string name_of(const BootState& state) {
  const auto* boots = state.start_erl_data ? state.find(state.start_erl_data->version) : nullptr;
  if (boots != nullptr) return boots->name;
  return state.unpacked.empty() ? "" : state.unpacked.front().name;
}

}  // namespace

const ListedLibrary* UnpackedRelease::missing_library() const {
  if (!brings_emulator) return nullptr;  // the system's OTP may have it
  const auto missing = std::find_if(libraries.begin(), libraries.end(),
                                    [](const ListedLibrary& each) { return !each.is_in_root; });
  return missing == libraries.end() ? nullptr : &*missing;
}

const UnpackedRelease* BootState::find(const std::string& version) const {
  const auto found = std::find_if(unpacked.begin(), unpacked.end(),
                                  [&](const auto& each) { return each.version == version; });
  return found == unpacked.end() ? nullptr : &*found;
}

const release::InstalledRelease* BootState::listed(const std::string& version) const {
  const auto found = std::find_if(releases.begin(), releases.end(),
                                  [&](const auto& each) { return each.version == version; });
  return found == releases.end() ? nullptr : &*found;
}

std::optional<std::string> BootState::boots() const {
  if (launched) return launched;
  return start_erl_data ? std::optional(start_erl_data->version) : std::nullopt;
}

std::optional<std::string> BootState::permanent() const {
  std::optional<std::string> found;
  for (const release::InstalledRelease& each : releases) {
    if (each.status != release::ReleaseStatus::permanent) continue;
    if (found) return std::nullopt;
    found = each.version;
  }
  return found;
}

BootState read_boot_state(FileSystem& files, const std::string& root) {
  BootState state{root, root, "", {}, {}, {}, {}, {}, {}};
  read_unpacked(files, state);
  return read_boot_state_again(files, state);
}

BootState read_boot_state_again(FileSystem& files, const BootState& before) {
  BootState state{before.root, before.called, "", {}, {}, {}, {}, {}, before.unpacked};
  const std::string start_erl_data = join_path(state.root, start_erl_data_path);
  state.start_erl_data_is = read_file(files, start_erl_data, [&](const std::string& bytes) {
    state.start_erl_data = release::parse_start_erl_data(start_erl_data, bytes);
  });
  const std::string releases = join_path(state.root, releases_path);
  state.releases_is = read_file(files, releases, [&](const std::string& bytes) {
    state.releases = release::parse_releases_file(releases, bytes);
  });
  state.name = name_of(state);
  if (!state.name.empty())
    state.launched = launched_version(files, Host{state.root, "", {}, state.name});
  return state;
}

}  // namespace relup::host
