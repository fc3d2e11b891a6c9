// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small releases put together at random from a pool of compiled modules: plain modules, servers and
// supervisors, several versions of each, which call what some version of another one exports. The
// same seed gives the same releases.

#include <cstdint>
#include <random>
#include <vector>

#include "support/sample_release.hpp"

namespace relup::pairs {

class ReleaseMaker {
 public:
  explicit ReleaseMaker(std::uint32_t seed) : engine_(seed) {}

  // One to three releases to come from, and after them the one to go to; their versions are 1, 2,
  // and so on. An application whose code differs from an earlier release has another version. A
  // module moves to another application only where there is one release to come from: an entry of
  // an appup serves all that have one version of an application, and to those it may be a module
  // that comes.
  std::vector<support::SampleRelease> next();

 private:
  struct Content;
  enum class Moves { allowed, none };

  std::size_t below(std::size_t limit) { return engine_() % limit; }
  Content first();
  Content changed(Content content, Moves moves);

  std::mt19937 engine_;
};

}  // namespace relup::pairs
