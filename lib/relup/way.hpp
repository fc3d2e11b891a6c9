// SPDX-License-Identifier: Apache-2.0
#pragma once

// One direction of one base: the release that a script leaves and the one that it leads to. On the
// way up that is from the old release to the new one, on the way down back. The releases must
// outlive the value.

#include "appup/appup.hpp"
#include "release/resolved_release.hpp"

namespace relup {

struct Way {
  appup::Direction direction;
  const release::ResolvedRelease& from;
  const release::ResolvedRelease& to;

  // As systools calls them: the top release has the appups for both directions, the base is the
  // release at the other end.
  const release::ResolvedRelease& top() const {
    return direction == appup::Direction::up ? to : from;
  }
  const release::ResolvedRelease& base() const {
    return direction == appup::Direction::up ? from : to;
  }
};

inline Way way_between(const release::ResolvedRelease& base, const release::ResolvedRelease& top,
                       appup::Direction direction) {
  if (direction == appup::Direction::up) return {direction, base, top};
  return {direction, top, base};
}

}  // namespace relup
