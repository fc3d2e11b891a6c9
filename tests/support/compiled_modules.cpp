// SPDX-License-Identifier: Apache-2.0
#include "support/compiled_modules.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "base/file_system.hpp"

namespace relup::support {
namespace {

// A directory that goes away with the object.
class Workplace {
 public:
  Workplace() : path_(std::filesystem::temp_directory_path() / "relup-modules-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  void add(const std::string& file, const std::string& content) const {
    FileSystem& files = real_file_system();
    const std::string path = join_path(path_, file);
    files.make_directories(parent_path(path));
    files.create(path, 0644)->append(content);
  }

 private:
  std::string path_;
};

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("not all modules compile");
}

}  // namespace

std::map<std::string, std::string> compile_modules(const ModuleSources& sources) {
  const Workplace place;
  for (const auto& [key, source] : sources)
    place.add(key + ".erl", source);
  run("escript '" RELUP_TEST_SUPPORT "/compile_modules.escript' " + place.path());
  std::map<std::string, std::string> compiled;
  for (const auto& source : sources)
    compiled[source.first] =
        real_file_system().read(join_path(place.path(), source.first + ".beam"));
  return compiled;
}

std::map<std::string, std::string> compile_elixir(
    const std::map<std::string, std::string>& sources) {
  const Workplace place;
  for (const auto& [label, source] : sources)
    place.add(label + "/source.ex", source);
  run("elixir '" RELUP_TEST_SUPPORT "/compile_modules.exs' " + place.path());
  std::map<std::string, std::string> compiled;
  for (const auto& source : sources) {
    const std::string& label = source.first;
    for (const DirectoryEntry& entry : real_file_system().list(join_path(place.path(), label))) {
      if (!entry.name.ends_with(".beam")) continue;
      const std::string module = entry.name.substr(0, entry.name.size() - 5);
      compiled[label + "/" + module] =
          real_file_system().read(join_path(place.path(), label + "/" + entry.name));
    }
  }
  return compiled;
}

}  // namespace relup::support
