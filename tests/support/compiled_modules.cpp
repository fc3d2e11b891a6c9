// SPDX-License-Identifier: Apache-2.0
#include "support/compiled_modules.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "base/file_system.hpp"

namespace relup::support {

std::map<std::string, std::string> compile_modules(const ModuleSources& sources) {
  FileSystem& files = real_file_system();
  std::string place = (std::filesystem::temp_directory_path() / "relup-modules-XXXXXX").string();
  if (::mkdtemp(place.data()) == nullptr) throw std::runtime_error("no temporary directory");
  for (const auto& [key, source] : sources) {
    const std::string path = join_path(place, key + ".erl");
    files.make_directories(parent_path(path));
    files.create(path, 0644)->append(source);
  }
  const std::string command = "escript '" RELUP_TEST_SUPPORT "/compile_modules.escript' " + place;
  const int status = std::system(command.c_str());
  std::map<std::string, std::string> compiled;
  for (const auto& source : sources)
    compiled[source.first] =
        files.read_if_exists(join_path(place, source.first + ".beam")).value_or("");
  files.remove_all(place);
  if (status != 0) throw std::runtime_error("not all modules compile");
  return compiled;
}

}  // namespace relup::support
