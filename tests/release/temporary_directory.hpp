// SPDX-License-Identifier: Apache-2.0
#pragma once

// A directory of a test's own, removed with all that is in it.

#include <string>

namespace relup::release {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  // Writes a file and makes the directories above it.
  void write(const std::string& name, const std::string& bytes) const;
  void link(const std::string& target, const std::string& name) const;

 private:
  std::string path_;
};

}  // namespace relup::release
