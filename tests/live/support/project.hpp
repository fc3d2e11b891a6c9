// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sample projects of testdata/ that stock tools build: what they are called, how they are built
// and started, and what their nodes are told. Each version lies over the one before it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace relup::live_tests {

// A change of a source file before the build: `from` must stand there exactly once.
struct SourceEdit {
  std::string file;
  std::string from;
  std::string to;
};

struct Project {
  std::string sources;                 // in testdata/
  std::string release;                 // its name
  std::vector<std::string> versions;   // oldest first
  std::string build;                   // a shell command in the sources; leaves a release there:
  std::string built;                   // relative to the sources
  std::string start;                   // of bin/RELEASE, in the foreground
  std::string settings;                // what begins the names of its variables: "SHOP_"
  std::vector<SourceEdit> edits = {};  // to all versions
};

Project shop();      // mix release
Project umbrella();  // mix release of an umbrella
Project depot();     // rebar3 release

// As `releases: [...]` of shop's mix.exs would say it.
Project shop_with(const std::string& release_options);

}  // namespace relup::live_tests
