// SPDX-License-Identifier: Apache-2.0
#pragma once

// A new directory of the real file system that goes with the object and everything in it. What the
// operating system refuses is an exception.

#include <filesystem>
#include <string>

namespace relup::support {

class TemporaryDirectory {
 public:
  // `name` begins its name, for people who look around.
  explicit TemporaryDirectory(const std::string& name = "relup-test");
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }
  // The path of something in it.
  std::string operator/(const std::string& name) const { return path_ / name; }

  // Writes a file and makes the directories above it.
  void write(const std::string& name, const std::string& bytes) const;
  void link(const std::string& target, const std::string& name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace relup::support
