// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release with its files at hand: what the `.rel` lists, found under `lib/`. Made from a
// reference of the command line, whether that is a directory or a tarball. What is missing or does
// not parse is an Error (bad_input) that names all of it.

#include <string>
#include <vector>

#include "release/reference.hpp"
#include "release/resolved_release.hpp"

namespace relup::release {

struct TreeApplication {
  Atom name;
  std::string version;
  std::string directory;           // relative to the root, e.g. "lib/shop-1.2"
  std::vector<Atom> beam_modules;  // the .beam files in its ebin, sorted
  bool is_of_system = false;       // of the OTP on the host: its files are not in the release
};

struct ReleaseTree {
  ReleaseReference reference;
  ResolvedRelease release;                    // applications in start order
  std::vector<TreeApplication> applications;  // in the order of the .rel file
  // What systools would refuse the release for: a name or a module that two applications claim,
  // say.
  Diagnostics faults = {};

  const std::string& name() const { return release.rel.name; }
  const std::string& version() const { return release.rel.version; }
  const TreeApplication* find(Atom application) const;
  // The application that has the .beam file of the module.
  const TreeApplication* owner_of(Atom module) const;
  // A file of the release's own directory, relative to the root: "releases/1.2/sys.config".
  std::string own_path(const std::string& file) const;
  // A protocol as Mix consolidates it, with its implementations built in; the same.
  std::string consolidated_path(Atom protocol) const;
  // The .beam file of a module, relative to the root.
  static std::string beam_path(const TreeApplication& application, Atom module);
};

// The modules that have a .beam file directly in `directory`, sorted.
std::vector<Atom> modules_in(const ReleaseFiles& files, const std::string& directory);

// What becomes of a release whose applications cannot be put into an order to start in: an Error,
// as elsewhere, or its faults are told, and the applications stay in the order of the .rel file.
enum class BadOrder { refused, told };

ReleaseTree load_release(const ReleaseReference& reference, OtpVersion otp,
                         BadOrder bad_order = BadOrder::refused);

// Several at once, from references of the command line, in their order.
std::vector<ReleaseTree> load_releases(FileSystem& files, const std::vector<std::string>& texts,
                                       OtpVersion otp, BadOrder bad_order = BadOrder::refused);

}  // namespace relup::release
