// SPDX-License-Identifier: Apache-2.0
#include "lint/compared_releases.hpp"

namespace relup::lint {

ComparedReleases::ComparedReleases(const LintRequest& request) {
  for (const release::ReleaseTree* base : request.from)
    pairs_.emplace_back(*base, *request.to, request.policy);
  if (request.to != nullptr) new_appups_.emplace(*request.to, request.otp);
}

}  // namespace relup::lint
