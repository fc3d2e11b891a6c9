// SPDX-License-Identifier: Apache-2.0
#include "release/temporary_directory.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "base/file_system.hpp"

namespace relup::release {

TemporaryDirectory::TemporaryDirectory()
    : path_((std::filesystem::temp_directory_path() / "relup-release-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryDirectory::write(const std::string& name, const std::string& bytes) const {
  FileSystem& files = real_file_system();
  files.make_directories(parent_path(*this / name));
  files.create(*this / name, 0644)->append(bytes);
}

void TemporaryDirectory::link(const std::string& target, const std::string& name) const {
  real_file_system().make_directories(parent_path(*this / name));
  real_file_system().make_symlink(target, *this / name);
}

}  // namespace relup::release
