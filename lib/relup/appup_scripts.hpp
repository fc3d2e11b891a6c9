// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which scripts make up the way between two releases: one per application whose version differs,
// taken from the appup beside the `.app` of the top release, one per application that comes or
// goes, and one per restart of the emulator.

#include <unordered_map>

#include "appup/appup.hpp"
#include "release/resolved_release.hpp"
#include "relup/translate.hpp"
#include "relup/way.hpp"

namespace relup {

// Where the appups of the top release come from.
class AppupSource {
 public:
  AppupSource() = default;
  AppupSource(const AppupSource&) = delete;
  AppupSource& operator=(const AppupSource&) = delete;
  virtual ~AppupSource() = default;

  // The appup of `application`, or null and a problem whose reason stands in
  // {error, systools_relup, Reason}.
  virtual const appup::Appup* find(const release::Application& application, Problems& problems) = 0;
};

// The files beside the `.app` files, each read once.
class AppupFiles final : public AppupSource {
 public:
  AppupFiles(FileSystem& files, OtpVersion otp) : files_(files), otp_(otp) {}
  const appup::Appup* find(const release::Application& application, Problems& problems) override;

 private:
  struct Read {
    std::optional<appup::Appup> appup;
    Problems problems;
  };
  Read read(const std::string& path) const;

  FileSystem& files_;
  OtpVersion otp_;
  std::unordered_map<std::string, Read> read_;
};

struct CollectedScripts {
  std::vector<AppupScript> scripts;
  Problems warnings;  // in the order in which OTP finds them
};

// A restart that neither an appup nor the releases ask for.
enum class AddedRestart { none, emulator };

// Some are missing when `problems` grew.
CollectedScripts collect_scripts(const Way& way, AddedRestart restart, AppupSource& appups,
                                 Problems& problems);

}  // namespace relup
