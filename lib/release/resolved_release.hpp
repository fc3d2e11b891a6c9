// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release whose applications have been found: the `.rel` file and, for each application it lists,
// the
// `.app` file of that version. This is what `systools_make:get_release/2` returns, in the same
// order and with the same checks; every fault is a Problem, all faults of one step are reported
// together.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/file_system.hpp"
#include "release/app_file.hpp"
#include "release/rel_file.hpp"
#include "release/search_path.hpp"
#include "term/otp_version.hpp"

namespace relup::release {

struct Application {
  AppFile file;
  Atom start_type;
  std::vector<Atom> uses;      // applications, the included ones replaced by what includes them
  std::vector<Atom> includes;  // included_applications, or what the .rel says instead

  Atom name() const { return file.name; }
  const std::string& version() const { return file.version; }
};

struct ResolvedRelease {
  RelFile rel;
  std::vector<Application> applications;  // in start order

  const Application* find(Atom name) const;
};

// Reads releases and remembers the files it has parsed, so that several bases cost little more than
// one.
class ReleaseReader {
 public:
  ReleaseReader(FileSystem& files, const std::vector<std::string>& path_patterns, OtpVersion otp);

  // `name` is the path of the `.rel` file without the extension, looked up in "." and then along
  // the path. Nothing is returned when a problem was added.
  std::optional<ResolvedRelease> read(const std::string& name, Problems& problems);

 private:
  struct Read {
    std::optional<AppFile> file;
    Problems problems;  // why there is none
    bool is_parse_error = false;
  };

  std::optional<RelFile> read_rel(const std::string& name, Problems& problems);
  std::optional<Application> find_application(const RelApplication& wanted, const RelFile& rel,
                                              Problems& problems);
  const Read& read_app(const std::string& path);

  FileSystem& files_;
  SearchPath path_;
  OtpVersion otp_;
  std::unordered_map<std::string, Read> apps_;
};

// The record `#application{}` as systools' error terms carry it.
Term application_record(const Application& application);

// The record `#release{}` as systools' error terms carry it.
Term release_record(const RelFile& rel);

}  // namespace relup::release
