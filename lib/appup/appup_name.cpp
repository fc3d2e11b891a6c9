// SPDX-License-Identifier: Apache-2.0
#include "appup/appup_name.hpp"

#include "base/file_system.hpp"

namespace relup::appup {
namespace {

constexpr std::string_view extension = ".appup";
constexpr std::string_view template_extension = ".appup.src";

}  // namespace

std::string appup_name(Atom application) {
  return application.name() + std::string(extension);
}

std::string appup_name(Atom application, const std::string& version) {
  return application.name() + "-" + version + std::string(extension);
}

std::string appup_path(const std::string& directory, Atom application) {
  return join_path(join_path(directory, "ebin"), appup_name(application));
}

bool is_appup(std::string_view path) {
  return path.ends_with(extension) || path.ends_with(template_extension);
}

Atom application_of(const std::string& path) {
  const std::string file = base_name(path);
  return Atom(file.substr(0, file.find_first_of("-.")));
}

}  // namespace relup::appup
