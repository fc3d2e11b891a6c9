// SPDX-License-Identifier: Apache-2.0
#include "release/tarball.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace relup::release {
namespace {

bool is_looked_into(std::string_view path) {
  if (path.starts_with("releases/")) return true;
  if (!path.starts_with("lib/")) return false;
  const std::size_t application_end = path.find('/', 4);
  return application_end != std::string_view::npos &&
         path.substr(application_end).starts_with("/ebin/");
}

// `tar` over the directory `.` puts `./` before every name.
std::string without_dot(std::string path) {
  while (path.starts_with("./"))
    path.erase(0, 2);
  return path;
}

}  // namespace

TarballFiles::TarballFiles(std::string name, std::shared_ptr<const ReadableFile> file,
                           const TarballReading& reading)
    : name_(std::move(name)), file_(std::move(file)) {
  ArchiveReader reader(name_, *file_, reading.limits);
  std::vector<GzipPlace> places;
  reader.note_places(places);
  while (const std::optional<Member> member = reader.next()) {
    if (reading.inspect) reading.inspect(*member);
    if (member->type == MemberType::regular) take(*member, reader, reading);
  }
  digest_ = reader.digest();
  view_ = std::make_unique<UnpackedView>(name_, *file_, std::move(places));
}

void TarballFiles::take(const Member& member, ArchiveReader& reader,
                        const TarballReading& reading) {
  const std::string path = without_dot(member.path);
  const auto [found, is_new] = files_.try_emplace(path);
  if (!is_new) {
    throw Error(ErrorCode::bad_input, name_ + ": member " + quoted(path) + ": occurs twice");
  }
  File& file = found->second;
  file.mode = member.mode;
  const bool is_wanted = reading.kept == KeptContent::everything || is_looked_into(path);
  if (is_wanted && member.size <= reading.memory - kept_bytes_) {
    kept_bytes_ += member.size;
    file.content = reader.read_data();
    return;
  }
  file.offset = reader.data_offset();
  Sha256 digest;
  reader.read_data([&](std::string_view piece) {
    digest.update(piece);
    file.size += piece.size();
  });
  file.sha256 = digest.finish_hex();
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
  if (found.content) return *found.content;
  const std::lock_guard lock(mutex_);
  std::string bytes = view_->read(found.offset, found.size);
  if (sha256_hex(bytes) == found.sha256) return bytes;
  throw Error(ErrorCode::bad_input, name_ + ": was changed while it was read");
}

std::string TarballFiles::sha256(const std::string& path) const {
  const File& found = file(path);
  return found.content ? sha256_hex(*found.content) : found.sha256;
}

}  // namespace relup::release
