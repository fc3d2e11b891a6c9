// SPDX-License-Identifier: Apache-2.0
#include "generate/written_appups.hpp"

#include "appup/appup.hpp"
#include "appup/appup_name.hpp"
#include "appup/kept_appup.hpp"
#include "appup/placeholder.hpp"

namespace relup::generate {
namespace {

using release::TreeApplication;

// What a list has between its brackets; empty where it is written otherwise.
std::string inner_text(const SourceText& source, const Term& list) {
  const std::string_view text = source.text(list.span());
  const bool has_brackets = text.starts_with('[') && text.ends_with(']');
  return has_brackets ? std::string(text.substr(1, text.size() - 2)) : "";
}

// Several appups of one version as one, with the entries of all.
class JoinedAppup {
 public:
  explicit JoinedAppup(const std::string& version) : version_(version) {}

  // False for a text that is no appup.
  bool add(const std::string& path, const std::string& text) {
    const auto read = read_first_term(path, text);
    const auto* file = std::get_if<TermFile>(&read);
    if (file == nullptr) return false;
    const auto appup = appup::read_appup_term(file->term, file->source);
    if (!appup) return false;
    add(inner_text(*file->source, appup->up), up_);
    add(inner_text(*file->source, appup->down), down_);
    return true;
  }

  std::string text() const {
    return "{\"" + version_ + "\",\n [" + up_ + "],\n [" + down_ + "]}.\n";
  }

 private:
  static void add(const std::string& entries, std::string& all) {
    if (entries.find('{') == std::string::npos) return;
    all += (all.empty() ? "" : ",\n  ") + entries +
           (entries.find('%') == std::string::npos ? "" : "\n");
  }

  const std::string& version_;
  std::string up_;
  std::string down_;
};

std::optional<EditedAppup> find_of_versions(FileSystem& files, const std::string& directory,
                                            const TreeApplication& application,
                                            const std::vector<std::string>& old_versions) {
  std::vector<EditedAppup> found;
  for (const std::string& old_version : old_versions) {
    const std::string path = join_path(join_path(directory, application.name.name()),
                                       old_version + "_to_" + application.version + ".appup");
    if (auto text = files.read_if_exists(path)) found.push_back({path, std::move(*text)});
  }
  if (found.size() < 2) return found.empty() ? std::nullopt : std::optional(found.front());
  JoinedAppup joined(application.version);
  for (const EditedAppup& each : found) {
    if (!joined.add(each.file, each.text)) return each;  // who reads it says what is wrong
  }
  return EditedAppup{found.front().file, joined.text()};
}

}  // namespace

std::optional<EditedAppup> find_written_appup(FileSystem& files, const std::string& directory,
                                              const TreeApplication& application,
                                              const std::vector<std::string>& old_versions) {
  const std::string name = appup::appup_name(application.name);
  for (const std::string& file :
       {appup::appup_name(application.name, application.version), name, name + ".src",
        name + ".src.script", name + ".script", name + ".in", name + ".exs", name + ".ex"}) {
    const std::string path = join_path(directory, file);
    auto text = files.read_if_exists(path);
    if (!text) continue;
    return EditedAppup{path, appup::built_appup(path, std::move(*text), application.version)};
  }
  return find_of_versions(files, directory, application, old_versions);
}

}  // namespace relup::generate
