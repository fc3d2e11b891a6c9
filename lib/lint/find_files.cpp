// SPDX-License-Identifier: Apache-2.0
#include "lint/find_files.hpp"

#include "appup/appup_name.hpp"
#include "base/error.hpp"
#include "release/app_file.hpp"
#include "term/term_file.hpp"

namespace relup::lint {
namespace {

bool is_relup(const std::string& path) {
  return path == "relup" || path.ends_with("/relup") || path.ends_with(".relup");
}

class FileFinder {
 public:
  FileFinder(FileSystem& files, LintRequest& request) : files_(files), request_(request) {}

  void add_all_below(const std::string& directory) {
    for (const DirectoryEntry& entry : files_.list(directory)) {
      const std::string path = join_path(directory, entry.name);
      if (entry.type == FileType::directory && !entry.name.starts_with('.')) {
        add_all_below(path);
      } else if (entry.type == FileType::regular) {
        add_file(path);
      }
    }
  }

  // Whether it is an appup or a relup.
  bool add_file(const std::string& path) {
    if (appup::is_appup(path)) {
      request_.appups.push_back({path, files_.read(path), version_beside(path)});
    } else if (is_relup(path)) {
      request_.relups.push_back({path, files_.read(path)});
    } else {
      return false;
    }
    return true;
  }

 private:
  // A root may hold several versions of an application, each in a directory of its own.
  std::string version_beside(const std::string& appup) const {
    constexpr std::string_view ending = "up";  // shop.appup, shop.app
    if (!appup.ends_with(".appup")) return "";
    const std::string path = appup.substr(0, appup.size() - ending.size());
    auto bytes = files_.read_if_exists(path);
    if (!bytes) return "";
    const auto text = read_first_term(path, std::move(*bytes));
    const auto* app = std::get_if<TermFile>(&text);
    if (app == nullptr) return "";
    Problems problems;
    const auto file = release::read_app_term(app->term, app->source, 0, problems);
    return file ? file->version : "";
  }

  FileSystem& files_;
  LintRequest& request_;
};

}  // namespace

void find_files(FileSystem& files, const std::string& path, LintRequest& request) {
  const std::size_t before = request.appups.size() + request.relups.size();
  FileFinder finder(files, request);
  if (files.is_directory(path)) {
    finder.add_all_below(path);
  } else if (!finder.add_file(path)) {
    throw Error(ErrorCode::usage, path + " is neither an appup nor a relup nor a directory")
        .with_hint("appups end in .appup or .appup.src, relups are called relup");
  }
  if (request.appups.size() + request.relups.size() > before) return;
  throw Error(ErrorCode::usage, "there is neither an appup nor a relup below " + path);
}

}  // namespace relup::lint
