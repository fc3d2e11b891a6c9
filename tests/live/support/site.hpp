// SPDX-License-Identifier: Apache-2.0
#pragma once

// A production host with tally on it: a release root, an epmd and a node of its own, and relup to
// work on them. Everything lies in one directory for temporary files and goes with the object;
// nothing of the user's home or environment is seen. What does not come up is an exception of the
// parts (host.hpp).

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "build_machine.hpp"
#include "host.hpp"

namespace relup::live_tests {

class Site {
 public:
  // An epmd, and nothing else yet.
  explicit Site(const Tools& tools);

  // Puts the built release 1.0.0 there, and the tarball of 1.1.0 to where relup looks for it.
  void deploy(const BuildMachine& builds);

  const std::filesystem::path& directory() const { return directory_.path(); }
  std::filesystem::path root() const { return directory() / "host"; }
  std::filesystem::path tarball() const { return root() / "releases" / "tally-1.1.0.tar.gz"; }
  ReleaseNode& node() { return node_; }
  Epmd& epmd() { return *epmd_; }
  void stop_epmd() { epmd_.reset(); }

  // Runs relup in the root of the host and waits for its end.
  RelupResult relup(const std::vector<std::string>& arguments);
  RelupResult relup_in(const std::filesystem::path& directory,
                       const std::vector<std::string>& arguments);
  // Runs it by way of a program with arguments of its own, such as a shell that sets limits.
  RelupResult relup_under(const std::vector<std::string>& wrapper,
                          const std::vector<std::string>& arguments);
  std::unique_ptr<RelupRun> start_relup(const std::vector<std::string>& arguments);

 private:
  support::TemporaryDirectory directory_{"relup-site"};
  std::unique_ptr<Epmd> epmd_;
  RelupProgram program_;
  ReleaseNode node_;
};

}  // namespace relup::live_tests
