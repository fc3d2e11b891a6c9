// SPDX-License-Identifier: Apache-2.0
//
// A root may have an `@` in its path, and a version may have one too. So the whole text is looked
// for first, and then what stands before each `@`, from the last one on.
//
// Release builders leave several `.rel` files for one release: under its plain name and under
// NAME-VSN (release_handler wants the latter when it unpacks), in `releases/` and in
// `releases/VSN/`. They are the same release when they have the same name and version; only then
// the choice is free.

#include "release/reference.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/words.hpp"
#include "release/releases_file.hpp"
#include "term/term_file.hpp"

namespace relup::release {
namespace {

constexpr const char* start_erl_data = "releases/start_erl.data";

struct Heading {
  std::string name;
  std::string version;
};

// The first two strings of `{release, {Name, Vsn}, ...}`.
Heading read_heading(const ReleaseFiles& files, const std::string& path) {
  const std::string place = files.place(path);
  const auto text = read_first_term(place, files.read(path));
  if (const auto* fault = std::get_if<TermFault>(&text)) {
    throw Error(ErrorCode::bad_input, describe(*fault));
  }
  const Term& release = std::get<TermFile>(text).term;
  if (release.is_tagged("release", 4)) {
    const Term::Elements* heading = (*release.as_tuple())[1].as_tuple();
    if (heading != nullptr && heading->size() == 2) {
      const std::optional<std::string> name = heading->front().text();
      const std::optional<std::string> version = heading->back().text();
      if (name && version) return {*name, *version};
    }
  }
  throw Error(ErrorCode::bad_input,
              place + ": not a release: expected {release, {Name, Vsn}, {erts, ErtsVsn}, Apps}");
}

bool is_rel_file(const std::string& name) {
  constexpr std::string_view extension = ".rel";
  if (name.size() <= extension.size() || !name.ends_with(extension)) return false;
  const std::string stem = name.substr(0, name.size() - extension.size());
  return stem != "start_clean" && stem != "no_dot_erlang";
}

std::vector<std::string> rel_files_in(const ReleaseFiles& files, const std::string& directory) {
  std::vector<std::string> paths;
  for (const std::string& name : files.names_in(directory)) {
    const std::string path = join_path(directory, name);
    if (is_rel_file(name) && files.exists(path)) paths.push_back(path);
  }
  return paths;
}

struct Candidates {
  std::vector<std::string> paths;    // that hold the version
  std::set<std::string> names;       // of the releases in them
  std::vector<std::string> remarks;  // why the others do not
};

void consider(const ReleaseFiles& files, const std::string& path, const std::string& version,
              Candidates& candidates) {
  try {
    const Heading heading = read_heading(files, path);
    if (heading.version == version) {
      candidates.paths.push_back(path);
      candidates.names.insert(heading.name);
    } else {
      candidates.remarks.push_back(files.place(path) + " holds version " + heading.version);
    }
  } catch (const Error& error) {
    candidates.remarks.push_back(error.message());
  }
}

std::string choose(const ReleaseFiles& files, const std::string& version,
                   const Candidates& candidates) {
  if (candidates.names.size() > 1) {
    throw Error(ErrorCode::bad_input,
                files.name() + ": version " + version +
                    " is of more than one release: " + joined(candidates.paths))
        .with_hint("remove the .rel files that are not of this release");
  }
  // The shortest name is NAME.rel, where NAME-VSN.rel stands beside it.
  return *std::min_element(
      candidates.paths.begin(), candidates.paths.end(),
      [](const auto& left, const auto& right) { return left.size() < right.size(); });
}

[[noreturn]] void fail_no_version(const ReleaseFiles& files, const std::string& version,
                                  const std::vector<std::string>& remarks) {
  const std::vector<std::string> versions = versions_in(files);
  Error error(ErrorCode::bad_input, files.name() +
                                        ": has no release resource file (.rel) of version " +
                                        version + (remarks.empty() ? "" : "; " + joined(remarks)));
  if (std::find(versions.begin(), versions.end(), version) != versions.end()) {
    throw error.with_hint("assemble the release again, or mend its .rel file");
  }
  throw error.with_hint(versions.empty() ? "no version is there; was the release assembled?"
                                         : "these versions are there: " + joined(versions));
}

[[noreturn]] void fail_no_root(const ReleaseFiles& files) {
  throw Error(ErrorCode::bad_input, files.name() + ": is not a release: it has no releases/")
      .with_hint("name a release root (as _build/prod/rel/NAME), ROOT@VSN, or a release tarball");
}

std::string default_version(const ReleaseFiles& files) {
  if (const std::optional<std::string> data = files.read_if_exists(start_erl_data)) {
    return parse_start_erl_data(files.place(start_erl_data), *data).version;
  }
  const std::vector<std::string> versions = versions_in(files);
  if (versions.size() == 1) return versions.front();
  if (versions.empty()) {
    throw Error(ErrorCode::bad_input,
                files.name() + ": releases/ has neither start_erl.data nor a .rel file");
  }
  throw Error(ErrorCode::bad_input, files.name() + ": has several versions and no start_erl.data " +
                                        "that picks one: " + joined(versions))
      .with_hint("say which one: " + files.name() + "@" + versions.front());
}

struct Place {
  std::string path;
  std::optional<std::string> version;
  FileType type = FileType::other;
};

std::optional<Place> find_place(FileSystem& files, const std::string& text) {
  if (const std::optional<FileInfo> info = files.info(text)) {
    return Place{text, std::nullopt, info->type};
  }
  for (std::size_t at = text.rfind('@'); at != std::string::npos && at > 0;
       at = text.rfind('@', at - 1)) {
    const std::string path = text.substr(0, at);
    if (const std::optional<FileInfo> info = files.info(path)) {
      return Place{path, text.substr(at + 1), info->type};
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> versions_in(const ReleaseFiles& files) {
  std::set<std::string> versions;
  for (const std::string& name : files.names_in("releases")) {
    if (!rel_files_in(files, join_path("releases", name)).empty()) versions.insert(name);
  }
  for (const std::string& path : rel_files_in(files, "releases")) {
    try {
      versions.insert(read_heading(files, path).version);
    } catch (const Error&) {
      continue;  // what cannot be read is no version to choose; naming it says why
    }
  }
  return {versions.begin(), versions.end()};
}

std::string find_rel_file(const ReleaseFiles& files, const std::string& version) {
  if (version.empty() || version == "." || version == ".." ||
      version.find('/') != std::string::npos) {
    throw Error(ErrorCode::bad_input,
                files.name() + ": " + quoted(version) +
                    " cannot be a version: it names a directory in releases/");
  }
  Candidates candidates;
  for (const std::string& path : rel_files_in(files, join_path("releases", version)))
    consider(files, path, version, candidates);
  if (!candidates.paths.empty()) return choose(files, version, candidates);
  for (const std::string& path : rel_files_in(files, "releases"))
    consider(files, path, version, candidates);
  if (candidates.paths.empty()) fail_no_version(files, version, candidates.remarks);
  return choose(files, version, candidates);
}

ReleaseReference resolve_reference(FileSystem& files, const std::string& text, KeptContent kept) {
  const std::optional<Place> place = find_place(files, text);
  if (!place) {
    throw Error(ErrorCode::bad_input, text + ": there is no such release root or tarball")
        .with_hint("name a release root (as _build/prod/rel/NAME), ROOT@VSN, or a release tarball");
  }
  ReleaseReference reference;
  if (place->type == FileType::directory) {
    reference.files = std::make_shared<DirectoryFiles>(files, place->path);
  } else {
    TarballReading reading;
    reading.kept = kept;
    reference.files = std::make_shared<TarballFiles>(place->path, files.open(place->path), reading);
  }
  if (reference.files->names_in("releases").empty()) fail_no_root(*reference.files);
  reference.version = place->version ? *place->version : default_version(*reference.files);
  reference.rel_path = find_rel_file(*reference.files, reference.version);
  return reference;
}

}  // namespace relup::release
