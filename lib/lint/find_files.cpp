// SPDX-License-Identifier: Apache-2.0
#include "lint/find_files.hpp"

#include <set>

#include "appup/appup_name.hpp"
#include "base/error.hpp"
#include "release/app_file.hpp"
#include "term/term_file.hpp"

namespace relup::lint {
namespace {

bool is_relup(const std::string& path) {
  return path == "relup" || path.ends_with("/relup") || path.ends_with(".relup");
}

// Elixir code that is called like an appup, as the module of a compiler is.
bool is_code(std::string_view text) {
  return text.find("defmodule") != std::string_view::npos;
}

class FileFinder {
 public:
  FileFinder(FileSystem& files, LintRequest& request) : files_(files), request_(request) {}

  // Links are followed, as a release of rebar3 has them for the applications of the project. A
  // folder that is reached twice counts once, so that no circle of links is walked for ever.
  void add_all_below(const std::string& directory) {
    if (!is_new(directory)) return;
    for (const DirectoryEntry& entry : files_.list(directory)) {
      if (entry.name.starts_with('.')) continue;
      const std::string path = join_path(directory, entry.name);
      const FileType type = entry.type == FileType::symlink ? target_type(path) : entry.type;
      if (type == FileType::directory) {
        add_all_below(path);
      } else if (type == FileType::regular) {
        add_file(path);
      }
    }
  }

  // Whether it is an appup or a relup.
  bool add_file(const std::string& path) {
    const auto form = appup::form_of(path);
    if (form == appup::AppupForm::elixir) {
      std::string text = files_.read(path);
      if (is_code(text)) return false;
      request_.appups.push_back({path, std::move(text), "", application_beside(path)});
    } else if (form) {
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

  // Of an appup.exs: what the mix.exs beside it says, `app: :shop`.
  std::string application_beside(const std::string& appup) const {
    constexpr std::string_view key = "app: :";
    if (!base_name(appup).starts_with("appup.")) return "";
    const auto text = files_.read_if_exists(join_path(parent_path(appup), "mix.exs"));
    const std::size_t at = text ? text->find(key) : std::string::npos;
    if (at == std::string::npos) return "";
    const std::size_t begin = at + key.size();
    return text->substr(begin, text->find_first_of(", \r\n", begin) - begin);
  }

  FileType target_type(const std::string& link) const {
    const auto info = files_.info(link);
    return info ? info->type : FileType::other;
  }

  bool is_new(const std::string& directory) {
    const auto info = files_.info(directory);
    const bool is_told = info && info->identity != FileIdentity();
    return !is_told || seen_.insert({info->identity.device, info->identity.inode}).second;
  }

  FileSystem& files_;
  LintRequest& request_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
};

}  // namespace

void find_files(FileSystem& files, const std::string& path, LintRequest& request) {
  const std::size_t before = request.appups.size() + request.relups.size();
  FileFinder finder(files, request);
  if (files.is_directory(path)) {
    finder.add_all_below(path);
  } else if (!finder.add_file(path)) {
    throw Error(ErrorCode::usage, path + " is neither an appup nor a relup nor a directory")
        .with_hint(
            "appups end in .appup, templates of them in .appup.src or the like, relups are "
            "called relup");
  }
  if (request.appups.size() + request.relups.size() > before) return;
  throw Error(ErrorCode::usage, "there is neither an appup nor a relup below " + path);
}

}  // namespace relup::lint
