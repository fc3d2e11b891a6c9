// SPDX-License-Identifier: Apache-2.0
#pragma once

// From release trees to the files that an upgrade needs: the appup of every application whose
// version differs, and the relup, for one or several releases to come from and to go back to.
// Nothing is written. An appup that a person wrote or edited wins over a generated one.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "appup/generate.hpp"
#include "base/diagnostic.hpp"
#include "diff/release_diff.hpp"
#include "relup/script.hpp"

namespace relup {

struct GenerateRequest {
  std::vector<const release::ReleaseTree*> from;
  const release::ReleaseTree* to = nullptr;
  appup::RebuiltModules rebuilt = appup::RebuiltModules::leave;
  // A hand-written appup for an application of `to`, by its name: file name and content. May be
  // empty.
  std::function<std::optional<std::pair<std::string, std::string>>(const release::TreeApplication&)>
      edited_appup;
  release::OtpVersion otp;
};

struct GeneratedAppup {
  Atom application;
  std::string version;
  std::string text;
  bool is_edited = false;  // somebody's own, taken as it is
  std::string origin;      // of an edited one: the file
};

struct Generated {
  std::vector<GeneratedAppup> appups;
  std::optional<Relup> relup;  // none when there are errors
  Diagnostics diagnostics;
};

Generated generate(const GenerateRequest& request);

}  // namespace relup
