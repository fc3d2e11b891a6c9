// SPDX-License-Identifier: Apache-2.0
#pragma once

// A build machine: the releases 1.0.0 and 1.1.0 of tally, built from source, and relup to make a
// tarball that upgrades the one to the other. Everything lies in one directory for temporary files.
// A build that fails throws std::runtime_error; what relup says is returned.

#include <filesystem>
#include <string>
#include <vector>

#include "relup_program.hpp"
#include "support/temporary_directory.hpp"

namespace relup::live_tests {

struct Tools {
  std::filesystem::path testdata;  // where tally and its builder are
  std::filesystem::path program;   // relup
};

class BuildMachine {
 public:
  explicit BuildMachine(const Tools& tools);

  const std::filesystem::path& directory() const { return directory_.path(); }
  // The release roots, as a build leaves them.
  std::filesystem::path old_root() const { return directory() / "old"; }
  std::filesystem::path new_root() const { return directory() / "new"; }
  std::filesystem::path tarball() const { return directory() / "tally-1.1.0.tar.gz"; }

  void build();
  // The appup and the relup of 1.1.0, into new_root().
  RelupResult generate(const std::vector<std::string>& options = {});
  RelupResult pack();  // new_root() to tarball()

  // All three; throws std::runtime_error where relup does not succeed.
  void make_tarball(const std::vector<std::string>& generate_options = {});

 private:
  Tools tools_;
  support::TemporaryDirectory directory_{"relup-build"};
  RelupProgram program_;
};

}  // namespace relup::live_tests
