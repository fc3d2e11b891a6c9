// SPDX-License-Identifier: Apache-2.0
#include "generate/generated_appups.hpp"

#include "appup/appup_name.hpp"
#include "relup/appup_reader.hpp"

namespace relup::generate {

void GeneratedAppups::add(Atom application, const std::string& name, const std::string& text,
                          OtpVersion otp, Diagnostics& diagnostics) {
  ReadAppup read = read_appup(name, text, otp);
  if (read.appup) appups_.emplace(application, std::move(*read.appup));
  for (Problem& problem : read.problems)
    diagnostics.push_back(std::move(problem.diagnostic));
}

const appup::Appup* GeneratedAppups::find(Atom application) const {
  const auto found = appups_.find(application);
  return found == appups_.end() ? nullptr : &found->second;
}

const appup::Appup* GeneratedAppups::find(const release::Application& application,
                                          Problems& problems) {
  if (const appup::Appup* found = find(application.name())) return found;
  problems.push_back(make_file_problem(
      "missing-appup", appup::appup_name(application.name()),
      "there is no appup for " + application.name().name() + " " + application.version(), {}));
  return nullptr;
}

}  // namespace relup::generate
