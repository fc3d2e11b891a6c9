// SPDX-License-Identifier: Apache-2.0
#include "appup/appup_name.hpp"

#include <algorithm>
#include <array>

#include "base/file_system.hpp"

namespace relup::appup {
namespace {

constexpr std::string_view extension = ".appup";
constexpr auto template_extensions = std::to_array<std::string_view>(
    {".appup.src", ".appup.in", ".appup.src.script", ".appup.script", ".appup.template",
     ".appup.tpl", ".appup.mustache", ".appup.eex"});
constexpr auto part_extensions =
    std::to_array<std::string_view>({".appup.pre.src", ".appup.post.src"});
constexpr auto elixir_extensions = std::to_array<std::string_view>({"appup.exs", "appup.ex"});
constexpr std::string_view between_versions = "_to_";

template <std::size_t count>
bool ends_in_one_of(std::string_view path, const std::array<std::string_view, count>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

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

std::optional<AppupForm> form_of(std::string_view path) {
  if (path.ends_with(extension)) return AppupForm::plain;
  if (ends_in_one_of(path, template_extensions)) return AppupForm::erlang_template;
  if (ends_in_one_of(path, part_extensions)) return AppupForm::part;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool is_elixir =
      ends_in_one_of(name, elixir_extensions) &&
      (name.starts_with("appup.") || name.find(".appup.") != std::string_view::npos);
  return is_elixir ? std::optional(AppupForm::elixir) : std::nullopt;
}

bool is_appup(std::string_view path) {
  return form_of(path).has_value();
}

Atom application_of(const std::string& path) {
  const std::string file = base_name(path);
  const bool names_versions = file.find(between_versions) != std::string::npos && !file.empty() &&
                              file.front() >= '0' && file.front() <= '9';
  if (names_versions) return Atom(base_name(parent_path(path)));
  return Atom(file.substr(0, file.find_first_of("-.")));
}

}  // namespace relup::appup
