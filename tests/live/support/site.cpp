// SPDX-License-Identifier: Apache-2.0
#include "site.hpp"

namespace relup::live_tests {
namespace {

namespace fs = std::filesystem;

// A stranger's cookie, settings and release must not reach relup.
std::vector<std::string> environment_of_relup(const fs::path& home, std::uint16_t epmd_port) {
  return {"HOME=" + home.string(),
          "ERL_EPMD_PORT=" + std::to_string(epmd_port),
          "RELEASE_ROOT",
          "RELEASE_NODE",
          "RELEASE_COOKIE",
          "FORCE_COLOR",
          "TERM=dumb"};
}

NodeOptions node_options(const fs::path& root, std::uint16_t epmd_port) {
  NodeOptions options;
  options.root = root;
  options.epmd_port = epmd_port;
  options.environment = {"HOME=" + root.parent_path().string()};
  return options;
}

}  // namespace

Site::Site(const Tools& tools)
    : epmd_(std::make_unique<Epmd>(directory())),
      program_(tools.program, directory(), environment_of_relup(directory(), epmd_->port())),
      node_(node_options(root(), epmd_->port())) {}

void Site::deploy(const BuildMachine& builds) {
  fs::copy(builds.old_root(), root(), fs::copy_options::recursive);
  node_.write_vm_args("1.0.0");
  if (fs::exists(builds.tarball())) fs::copy_file(builds.tarball(), tarball());
}

RelupResult Site::relup(const std::vector<std::string>& arguments) {
  return program_.run(arguments, root());
}

RelupResult Site::relup_in(const fs::path& directory, const std::vector<std::string>& arguments) {
  return program_.run(arguments, directory);
}

RelupResult Site::relup_under(const std::vector<std::string>& wrapper,
                              const std::vector<std::string>& arguments) {
  return program_.start(arguments, root(), wrapper)->finish();
}

std::unique_ptr<RelupRun> Site::start_relup(const std::vector<std::string>& arguments) {
  return program_.start(arguments, root());
}

}  // namespace relup::live_tests
