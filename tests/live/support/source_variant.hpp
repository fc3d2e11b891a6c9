// SPDX-License-Identifier: Apache-2.0
#pragma once

// A copy of the sample sources that a test may change, to build releases with a fault of its
// choice. A change that does not find its place throws std::runtime_error, so that a test cannot
// run without its fault.

#include <filesystem>
#include <string>

#include "build_machine.hpp"
#include "support/temporary_directory.hpp"

namespace relup::live_tests {

class SourceVariant {
 public:
  explicit SourceVariant(const std::filesystem::path& testdata);

  const std::filesystem::path& directory() const { return directory_.path(); }
  // To build the changed sources with `tools`.
  Tools with(Tools tools) const;

  // Brings a library for the application to need: a directory `NAME-VSN` with its ebin.
  void add_library(const std::filesystem::path& library);
  // Makes the sources of 1.1.0 those of 1.0.0, but for the version.
  void derive_new_from_old();
  // In tally/`file`, where `from` must stand exactly once.
  void replace(const std::string& file, const std::string& from, const std::string& to);

 private:
  support::TemporaryDirectory directory_{"relup-sources"};
};

// Writes `text` to `file` and makes the directories above it.
void write_file(const std::filesystem::path& file, const std::string& text);
std::string read_file(const std::filesystem::path& file);

// Replaces `from`, which must stand exactly once in `file`.
void replace_in_file(const std::filesystem::path& file, const std::string& from,
                     const std::string& to);

}  // namespace relup::live_tests
