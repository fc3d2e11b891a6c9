// SPDX-License-Identifier: Apache-2.0
//
// relup fmt: one layout for appups.

#include <iostream>
#include <iterator>

#include "appup/appup_name.hpp"
#include "appup/format.hpp"
#include "base/diagnostic_json.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/replace_file.hpp"
#include "lint/find_files.hpp"
#include "verbs.hpp"

namespace relup::cmd {
namespace {

struct Options {
  std::vector<std::string> paths;
  bool check = false;
};

constexpr std::string_view standard_input = "-";

struct Formatted {
  std::string path;
  std::string before;
  std::string after;  // the same where the file does not parse

  bool is_changed() const { return before != after; }
};

struct Result {
  std::vector<Formatted> files;
  Diagnostics faults;
};

std::string read_standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

std::vector<lint::LintFile> find_appups(const std::vector<std::string>& paths) {
  lint::LintRequest found;
  for (const std::string& path : paths) {
    if (path == standard_input) {
      if (paths.size() > 1)
        throw Error(ErrorCode::usage,
                    "`-` (standard input) cannot be given together with other paths");
      found.appups.push_back({"standard input", read_standard_input()});
    } else if (real_file_system().is_directory(path)) {
      lint::find_files(real_file_system(), path, found);
      std::erase_if(found.appups, [](const lint::LintFile& file) {
        return appup::form_of(file.name) == appup::AppupForm::elixir;  // for `mix format`
      });
    } else {
      found.appups.push_back({path, real_file_system().read(path)});
    }
  }
  if (found.appups.empty()) throw Error(ErrorCode::usage, "there is no appup");
  return std::move(found.appups);
}

Result format_all(std::vector<lint::LintFile> appups) {
  Result result;
  for (lint::LintFile& file : appups) {
    auto outcome = appup::format_appup(file.name, file.bytes);
    if (auto* fault = std::get_if<Diagnostic>(&outcome)) {
      result.faults.push_back(std::move(*fault));
    } else {
      result.files.push_back(
          {file.name, std::move(file.bytes), std::move(std::get<std::string>(outcome))});
    }
  }
  return result;
}

Json result_json(const Result& result) {
  Json document{{"schema_version", 1}, {"files", Json::array()}};
  for (const Formatted& file : result.files)
    document["files"].push_back({{"path", file.path}, {"changed", file.is_changed()}});
  document["diagnostics"] = to_json(result.faults);
  return document;
}

ExitStatus run(const Options& options, Console& console) {
  const Result result = format_all(find_appups(options.paths));
  const bool is_filter = options.paths.front() == standard_input && !options.check;
  bool any_changed = false;
  for (const Formatted& file : result.files) {
    any_changed = any_changed || file.is_changed();
    if (is_filter) {
      if (!console.wants_json()) console.results() << file.after;
    } else if (file.is_changed() && !options.check) {
      replace_file(real_file_system(), file.path, file.after);
      console.say("formatted " + file.path);
    } else if (file.is_changed() && !console.wants_json()) {
      console.results() << file.path << "\n";
    }
  }
  if (console.wants_json()) {
    console.results() << dump(result_json(result)) << "\n";
  } else {
    console.show(result.faults);
  }
  if (!result.faults.empty()) return ExitStatus::bad_input;
  return options.check && any_changed ? ExitStatus::no : ExitStatus::done;
}

Arguments describe(Options& options) {
  return {{.name = "PATH",
           .description = "appups, directories with some, or - for standard input",
           .target = &options.paths,
           .presence = Presence::required},
          {.name = "--check",
           .description = "write nothing; name the files that are not formatted, and exit with 1",
           .target = &options.check}};
}

}  // namespace

Verb fmt_verb() {
  return make_verb("fmt", "Give appups one layout, with all comments kept", describe, run);
}

}  // namespace relup::cmd
