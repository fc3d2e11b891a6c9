// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release as Mix or rebar3 pack it has no relup. The host has all that one is made of, the
// release that runs and the new one, so it is made there, as `relup generate` would.

#include <string>
#include <vector>

#include "release/release_tree.hpp"

namespace relup::change {

struct MadeRelup {
  std::string text;
  std::vector<std::string> warnings;
};

// The relup of `to`, up from `from` and down to it. Where there cannot be one, an Error that says
// why: needs_restart where only a restart would do, else bad_input.
MadeRelup make_relup(const release::ReleaseTree& from, const release::ReleaseTree& to);

}  // namespace relup::change
