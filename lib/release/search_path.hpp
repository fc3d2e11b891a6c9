// SPDX-License-Identifier: Apache-2.0
#pragma once

// The directories in which systools looks for `.rel`, `.app` and `.appup` files: the `path` option,
// with `*` standing for any text without `/` in one component (a component that is only `*` for one
// character or more); the rest of such a component is a regular expression. Directories that do not
// exist are no error. Where OTP takes the order in which the disk lists a wildcard's matches, we
// take the order of their names.

#include <string>
#include <unordered_map>
#include <vector>

#include "base/file_system.hpp"

namespace relup::release {

class SearchPath {
 public:
  SearchPath(FileSystem& files, const std::vector<std::string>& patterns);

  const std::vector<std::string>& directories() const { return directories_; }

  // The directories that hold an application resource file `NAME.app`, in path order.
  std::vector<std::string> holding(const std::string& app_file_name) const;

 private:
  void index(FileSystem& files);

  std::vector<std::string> directories_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_app_file_;
};

// The directories that match `pattern`.
std::vector<std::string> expand_wildcards(FileSystem& files, const std::string& pattern);

}  // namespace relup::release
