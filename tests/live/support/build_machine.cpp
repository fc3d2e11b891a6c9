// SPDX-License-Identifier: Apache-2.0
#include "build_machine.hpp"

#include "host.hpp"
#include "release_builder.hpp"

namespace relup::live_tests {

BuildMachine::BuildMachine(const Tools& tools)
    : tools_(tools), program_(tools.program, directory(), {"HOME=" + directory().string()}) {}

void BuildMachine::build() {
  build_release(tools_.testdata, "1.0.0", old_root());
  build_release(tools_.testdata, "1.1.0", new_root());
  NodeOptions node;
  node.root = new_root();
  ReleaseNode(node).write_vm_args("1.1.0");
}

RelupResult BuildMachine::generate(const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"generate", "--from", old_root(), "--to", new_root()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return program_.run(arguments, directory());
}

RelupResult BuildMachine::pack() {
  return program_.run({"pack", new_root(), "-o", tarball()}, directory());
}

void BuildMachine::make_tarball(const std::vector<std::string>& generate_options) {
  build();
  must_succeed(generate(generate_options));
  must_succeed(pack());
}

}  // namespace relup::live_tests
