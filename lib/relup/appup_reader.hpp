// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the bytes of an appup file to its value, with what systools_lib:read_term/1 would say of one
// that does not read.

#include <optional>
#include <string>
#include <vector>

#include "appup/appup.hpp"
#include "appup/appup_name.hpp"
#include "term/otp_version.hpp"
#include "term/problem.hpp"

namespace relup {

struct ReadAppup {
  std::optional<appup::Appup> appup;  // none when there are problems
  std::vector<Span> comments;
  Span full_stop;  // systools reads no further
  appup::AppupForm form = appup::AppupForm::plain;
  Problems problems;
};

// `path` names the file in messages, and tells its form. `version` is what a placeholder in a
// template stands for, where that is known.
ReadAppup read_appup(const std::string& path, std::string bytes, OtpVersion otp,
                     const std::optional<std::string>& version = {});

// {file_problem, {Path, What}}
Term file_problem(const std::string& path, const Term& what);

}  // namespace relup
