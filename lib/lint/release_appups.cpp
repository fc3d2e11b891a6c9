// SPDX-License-Identifier: Apache-2.0
#include "lint/release_appups.hpp"

#include "appup/appup_name.hpp"
#include "relup/appup_reader.hpp"

namespace relup::lint {
namespace {

Problem missing_appup(Atom application, const std::string& place) {
  Problem missing = make_file_problem("missing-appup", place, "there is no " + place, Term());
  missing.diagnostic.notes.push_back("the version of " + application.name() +
                                     " changes, so it needs an appup; `relup generate` writes one");
  return missing;
}

}  // namespace

const ReleaseAppups::Read& ReleaseAppups::of(Atom application) {
  const auto known = read_.find(application);
  return known != read_.end() ? known->second
                              : read_.emplace(application, read(application)).first->second;
}

ReleaseAppups::Read ReleaseAppups::read(Atom application) const {
  const release::ReleaseFiles& files = *tree_.reference.files;
  const std::string path = appup::appup_path(tree_.find(application)->directory, application);
  const std::string place = files.place(path);
  auto bytes = files.read_if_exists(path);
  if (!bytes) return {std::nullopt, {missing_appup(application, place)}};
  ReadAppup read = read_appup(place, std::move(*bytes), otp_);
  if (!read.appup) return {std::nullopt, std::move(read.problems)};
  return {parse_appup(*read.appup, std::move(read.comments)), std::move(read.problems)};
}

}  // namespace relup::lint
