// SPDX-License-Identifier: Apache-2.0
#pragma once

// The relup compiler: `systools:make_relup/4` as a function from files to a value. It reads the
// releases, picks the script of every application whose version differs from its appup, adds what
// the releases themselves imply (applications that come and go, a new emulator), and translates. It
// writes nothing.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "base/diagnostic.hpp"
#include "base/file_system.hpp"
#include "release/resolved_release.hpp"
#include "relup/dependency_groups.hpp"
#include "relup/script.hpp"

namespace relup {

// A release to come from or to go back to: the path of its `.rel` without the extension, and the
// description that the relup carries for it.
struct BaseRelease {
  std::string rel;
  Term description;
};

struct CompileRequest {
  std::string top;  // path of the top `.rel` without the extension
  std::vector<BaseRelease> up_from;
  std::vector<BaseRelease> down_to;
  std::vector<std::string> path;  // directories, `*` for any text in a component
  bool restart_emulator = false;
  bool warnings_as_errors = false;
  OtpVersion otp;
  // The tie-break of one script, by direction and version of the base; see dependency_groups.hpp.
  std::function<TieBreak(appup::Direction, const std::string&)> tie_break;
};

struct CompileResult {
  std::optional<Relup> relup;  // none when there are errors
  // Errors first, and of them the one first that OTP would have reported; its `otp` is that error.
  // A warning's `otp` is OTP's warning term.
  Diagnostics diagnostics;
};

CompileResult compile(FileSystem& files, const CompileRequest& request);

}  // namespace relup
