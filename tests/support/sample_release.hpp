// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small release roots for tests, on any file system. kernel, stdlib and sasl are there by their
// .app files only; nothing of it boots.

#include <map>
#include <string>
#include <vector>

#include "base/file_system.hpp"

namespace relup::support {

struct SampleApplication {
  std::string name;
  std::string version;
  std::map<std::string, std::string> modules = {};  // name to bytes of the .beam file
  std::vector<std::string> needs = {"kernel", "stdlib"};
};

struct SampleRelease {
  std::string version;
  std::vector<SampleApplication> applications;  // besides kernel, stdlib and sasl
  std::string name = "shop";
  std::string erts = "13.1.5";
};

// Writes lib/, releases/VSN/ (NAME.rel, start.boot, sys.config) and releases/start_erl.data.
// Replaces files that are there.
void write_release(FileSystem& files, const std::string& root, const SampleRelease& release);

// Writes a file and makes the directories above it.
void write_file(FileSystem& files, const std::string& path, const std::string& bytes,
                unsigned mode = 0644);

// The text of an .app file.
std::string app_file_text(const SampleApplication& application);

}  // namespace relup::support
