// SPDX-License-Identifier: Apache-2.0
#include "beam/compiled_modules.hpp"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "base/file_system.hpp"

namespace relup::beam {
namespace {

struct Compiled {
  std::map<std::string, std::string> bytes;
  std::map<std::string, std::string> md5;
};

Compiled compile_all() {
  std::string pattern = (std::filesystem::temp_directory_path() / "relup-beam-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  const std::string command = "escript '" RELUP_BEAM_TESTS "/compile_variants.escript' " + pattern;
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command + " failed");
  Compiled all;
  std::istringstream lines(real_file_system().read(pattern + "/md5"));
  for (std::string variant, digest; lines >> variant >> digest;) {
    all.md5[variant] = digest;
    all.bytes[variant] = real_file_system().read(join_path(pattern, variant + ".beam"));
  }
  real_file_system().remove_all(pattern);
  return all;
}

const Compiled& all_compiled() {
  static const Compiled all = compile_all();
  return all;
}

}  // namespace

const std::string& compiled(const std::string& variant) {
  return all_compiled().bytes.at(variant);
}

const std::map<std::string, std::string>& md5_by_variant() {
  return all_compiled().md5;
}

}  // namespace relup::beam
