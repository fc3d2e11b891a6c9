// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which scripts make up the way between two releases: one per application whose version differs,
// taken from the appup beside the `.app` of the top release, one per application that comes or
// goes, and one per restart of the emulator.

#include <unordered_map>

#include "appup/appup.hpp"
#include "release/resolved_release.hpp"
#include "relup/translate.hpp"

namespace relup {

// The appups of the top release, each read once.
class AppupStore {
 public:
  AppupStore(FileSystem& files, release::OtpVersion otp) : files_(files), otp_(otp) {}

  // The appup of `application`, or a problem whose reason stands in {error, systools_relup,
  // Reason}.
  const appup::Appup* find(const release::Application& application, release::Problems& problems);

 private:
  struct Read {
    std::optional<appup::Appup> appup;
    release::Problems problems;
  };
  Read read(const std::string& path) const;

  FileSystem& files_;
  release::OtpVersion otp_;
  std::unordered_map<std::string, Read> read_;
};

struct ScriptRequest {
  appup::Direction direction;
  const release::ResolvedRelease& top;
  const release::ResolvedRelease& base;
  bool restart_emulator = false;
};

struct CollectedScripts {
  std::vector<AppupScript> scripts;
  release::Problems warnings;  // in the order in which OTP finds them
  bool is_complete = true;     // false when `problems` grew
};

CollectedScripts collect_scripts(const ScriptRequest& request, AppupStore& appups,
                                 release::Problems& problems);

}  // namespace relup
