// SPDX-License-Identifier: Apache-2.0
#pragma once

// A directory of its own below the system's directory for temporary files, removed with the object
// and all that is in it. One that cannot be made is std::system_error.

#include <filesystem>
#include <string>

namespace relup::live {

class TemporaryDirectory {
 public:
  // `name` begins its name, for people who look around.
  explicit TemporaryDirectory(const std::string& name);
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace relup::live
