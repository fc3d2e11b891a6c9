// SPDX-License-Identifier: Apache-2.0
#pragma once

// The directories in which systools looks for `.rel`, `.app` and `.appup` files: the `path` option,
// with `*` standing for any text without `/` in one component (a component that is only `*` for one
// character or more); the rest of such a component is a regular expression. Directories that do not
// exist are no error. Where OTP takes the order in which the disk lists a wildcard's matches, we
// take the order of their names.

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"

namespace relup::release {

class SearchPath {
 public:
  SearchPath(FileSystem& files, const std::vector<std::string>& patterns);

  const std::vector<std::string>& directories() const { return directories_; }

  // The directories that hold an application resource file `NAME.app`, in path order.
  std::vector<std::string> holding(const std::string& app_file_name);

  // Those among them that are called after the application, NAME/ebin or NAME-VSN/ebin, and those
  // that are no `ebin` at all. Folders that are called after others are not looked into, and the
  // first ones not either: the file may not be there.
  std::vector<std::string> called_after(const std::string& application);

 private:
  // The application resource files in a directory, sorted; it is listed when first asked for.
  const std::vector<std::string>& app_files_in(std::size_t directory);

  FileSystem& files_;
  std::vector<std::string> directories_;
  std::vector<std::optional<std::vector<std::string>>> app_files_;  // of each directory
};

// The directories that match `pattern`.
std::vector<std::string> expand_wildcards(FileSystem& files, const std::string& pattern);

}  // namespace relup::release
