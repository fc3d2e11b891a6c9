// SPDX-License-Identifier: Apache-2.0
#pragma once

// The appups that lie in a release, each read once and kept.

#include <map>
#include <optional>

#include "lint/parsed_appup.hpp"
#include "release/release_tree.hpp"
#include "term/problem.hpp"

namespace relup::lint {

class ReleaseAppups {
 public:
  struct Read {
    std::optional<ParsedAppup> appup;  // none when there are problems
    Problems problems;
  };

  // `tree` must outlive the object.
  ReleaseAppups(const release::ReleaseTree& tree, OtpVersion otp) : tree_(tree), otp_(otp) {}

  // `application` must be in the release. The answer lives as long as the object.
  const Read& of(Atom application);

 private:
  Read read(Atom application) const;

  const release::ReleaseTree& tree_;
  OtpVersion otp_;
  std::map<Atom, Read> read_;
};

}  // namespace relup::lint
