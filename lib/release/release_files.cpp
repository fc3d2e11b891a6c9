// SPDX-License-Identifier: Apache-2.0
#include "release/release_files.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace relup::release {
namespace {

constexpr int most_links = 2;
constexpr std::uint64_t piece_size = 256U << 10U;

}  // namespace

std::optional<std::string> ReleaseFiles::read_if_exists(const std::string& path) const {
  if (!exists(path)) return std::nullopt;
  return read(path);
}

DirectoryFiles::DirectoryFiles(FileSystem& files, std::string root)
    : files_(files), root_(std::move(root)) {}

std::string DirectoryFiles::place(const std::string& path) const {
  return join_path(root_, path);
}

std::vector<std::string> DirectoryFiles::paths() const {
  std::vector<std::string> paths;
  collect("", 0, paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

void DirectoryFiles::collect(const std::string& directory, int links,
                             std::vector<std::string>& paths) const {
  for (const DirectoryEntry& entry : files_.list(directory.empty() ? root_ : place(directory))) {
    const std::string path = join_path(directory, entry.name);
    const bool is_link = entry.type == FileType::symlink;
    const std::optional<FileInfo> target =
        is_link ? files_.info(place(path)) : FileInfo{entry.type, 0, 0};
    if (!target) continue;  // a link to nothing
    const int links_here = links + (is_link ? 1 : 0);
    if (target->type == FileType::regular) {
      paths.push_back(path);
    } else if (target->type == FileType::directory && links_here <= most_links) {
      collect(path, links_here, paths);
    }
  }
}

std::vector<std::string> DirectoryFiles::names_in(const std::string& directory) const {
  std::vector<std::string> names;
  if (!files_.is_directory(place(directory))) return names;
  for (const DirectoryEntry& entry : files_.list(place(directory)))
    names.push_back(entry.name);
  return names;
}

bool DirectoryFiles::exists(const std::string& path) const {
  return files_.is_file(place(path));
}

std::string DirectoryFiles::read(const std::string& path) const {
  return files_.read(place(path));
}

void DirectoryFiles::read_into(const std::string& path, ReadBuffer& buffer) const {
  files_.read_into(place(path), buffer);
}

std::unique_ptr<ReadableFile> DirectoryFiles::open(const std::string& path) const {
  return files_.open(place(path));
}

std::string DirectoryFiles::sha256(const std::string& path) const {
  const std::unique_ptr<ReadableFile> file = open(path);
  std::vector<char> piece(std::clamp<std::uint64_t>(file->size(), 1, piece_size));
  Sha256 digest;
  for (std::uint64_t offset = 0;;) {
    const std::size_t count = file->read_at(offset, piece);
    if (count == 0) return digest.finish_hex();
    digest.update({piece.data(), count});
    offset += count;
  }
}

unsigned DirectoryFiles::mode(const std::string& path) const {
  const std::optional<FileInfo> info = files_.info(place(path));
  return info ? info->mode : 0644;
}

}  // namespace relup::release
