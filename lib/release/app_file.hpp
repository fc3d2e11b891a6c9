// SPDX-License-Identifier: Apache-2.0
#pragma once

// An application resource file, `NAME.app` (app(4)). Reading applies the checks of
// `systools_make:parse_application/4` in its order, so that the first problem is the one OTP
// reports.

#include <optional>
#include <string>
#include <vector>

#include "base/source.hpp"
#include "term/problem.hpp"
#include "term/term.hpp"

namespace relup::release {

struct AppFile {
  Atom name;
  std::string version;
  std::vector<Atom> modules;  // in file order
  std::vector<Atom> registered;
  std::vector<Atom> applications;  // what it needs started before it
  std::vector<Atom> optional_applications;
  std::vector<Atom> included_applications;
  Term description;   // a string
  Term id;            // a string
  Term environment;   // [{Key, Value}]
  Term start_module;  // {Module, Args}, or [] for a library application
  Term start_phases;  // [{Phase, Args}] or undefined
  Term max_time;      // milliseconds or infinity
  Term max_processes;
  Source source;
  std::string directory;  // the directory of the file
};

// Reads the term of an `.app` file. `term` was parsed from `source`. On a fault nothing is returned
// and exactly one problem is added; its reason is what stands for Reason in
// `{error_reading,{App,Reason}}`.
// From OTP 26 on (`otp_major`), a name that stands twice in `modules`, `registered` or an
// application list is a fault too (`dupl_entry`).
std::optional<AppFile> read_app_term(const Term& term, const Source& source, int otp_major,
                                     Problems& problems);

}  // namespace relup::release
