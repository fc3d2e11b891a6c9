// SPDX-License-Identifier: Apache-2.0
#include "release/tarball.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace relup::release {
namespace {

enum class Kept { content, digest, name };

Kept what_to_keep(std::string_view path) {
  if (path.starts_with("releases/")) return Kept::content;
  if (!path.starts_with("lib/")) return Kept::name;
  const std::size_t application_end = path.find('/', 4);
  const bool in_ebin = application_end != std::string_view::npos &&
                       path.substr(application_end).starts_with("/ebin/");
  return in_ebin ? Kept::content : Kept::digest;
}

// `tar` over the directory `.` puts `./` before every name.
std::string without_dot(std::string path) {
  while (path.starts_with("./"))
    path.erase(0, 2);
  return path;
}

}  // namespace

TarballFiles::TarballFiles(std::string name, std::string_view bytes, const TarballLimits& limits,
                           KeptContent kept)
    : name_(std::move(name)), kept_(kept) {
  ArchiveReader reader(name_, bytes, limits.archive);
  while (const std::optional<Member> member = reader.next()) {
    if (member->type == MemberType::regular) take(*member, reader, limits);
  }
}

void TarballFiles::take(const Member& member, ArchiveReader& reader, const TarballLimits& limits) {
  const std::string path = without_dot(member.path);
  const auto [found, is_new] = files_.try_emplace(path);
  if (!is_new) {
    throw Error(ErrorCode::bad_input, name_ + ": member " + quoted(path) + ": occurs twice");
  }
  found->second.is_executable = (member.mode & 0111U) != 0;
  const Kept kept = kept_ == KeptContent::everything ? Kept::content : what_to_keep(path);
  if (kept == Kept::content) {
    kept_bytes_ += member.size;
    if (member.size > limits.kept_bytes || kept_bytes_ > limits.kept_bytes) {
      throw Error(ErrorCode::bad_input, name_ + ": member " + quoted(path) + ": more than " +
                                            std::to_string(limits.kept_bytes) +
                                            " bytes in ebin/ and releases/ up to here");
    }
    found->second.content = reader.read_data();
  } else if (kept == Kept::digest) {
    Sha256 digest;
    reader.read_data([&digest](std::string_view piece) { digest.update(piece); });
    found->second.sha256 = digest.finish_hex();
  }
}

std::vector<std::string> TarballFiles::paths() const {
  std::vector<std::string> paths;
  paths.reserve(files_.size());
  for (const auto& [path, file] : files_)
    paths.push_back(path);
  return paths;
}

std::vector<std::string> TarballFiles::names_in(const std::string& directory) const {
  const std::string prefix =
      directory.empty() || directory.ends_with('/') ? directory : directory + "/";
  std::vector<std::string> names;
  for (auto next = files_.lower_bound(prefix);
       next != files_.end() && next->first.starts_with(prefix);) {
    const std::string name =
        next->first.substr(prefix.size(), next->first.find('/', prefix.size()) - prefix.size());
    names.push_back(name);
    // '0' comes right after '/': this skips everything below a directory.
    const bool is_directory = next->first.size() > prefix.size() + name.size();
    next = is_directory ? files_.lower_bound(prefix + name + '0') : std::next(next);
  }
  std::sort(names.begin(), names.end());
  return names;
}

const TarballFiles::File& TarballFiles::file(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) {
    throw Error(ErrorCode::bad_input, name_ + ": has no file " + quoted(path));
  }
  return found->second;
}

std::string TarballFiles::read(const std::string& path) const {
  const File& found = file(path);
  if (!found.content) {
    throw Error(ErrorCode::bug, place(path) + ": the content was not kept");
  }
  return *found.content;
}

std::string TarballFiles::sha256(const std::string& path) const {
  const File& found = file(path);
  if (found.content) return sha256_hex(*found.content);
  if (found.sha256.empty()) throw Error(ErrorCode::bug, place(path) + ": no digest was kept");
  return found.sha256;
}

}  // namespace relup::release
