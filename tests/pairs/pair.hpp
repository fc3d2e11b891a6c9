// SPDX-License-Identifier: Apache-2.0
#pragma once

// A pair of releases from sources, in one text file of testdata/pairs: a paragraph that says the
// rule, the sources of both releases, and what must come out of them.
//
//   old/APP/MODULE.erl, .ex   a source of the older release (an .ex may define several modules)
//   new/APP/..., both/APP/... of the newer one; of both, compiled once
//   old/APP/APP.app, ...      the .app file, where the one that is made will not do
//   old/APP/vsn               the version of the application, where it is not that of the release
//   old/APP/priv/...          a private file
//   old/shop.rel              the .rel file, where the one that is made will not do
//   relup.yaml                the wishes of the user
//   stripped                  where it is there, the Erlang modules have no debug information
//   expected/...              what comes out; RELUP_UPDATE_GOLDEN=1 writes it
//
// The releases are shop 1.0 and shop 2.0. All sources of all pairs are compiled in one go. A source
// that does not compile is std::runtime_error.

#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "policy/policy.hpp"
#include "support/txtar.hpp"

namespace relup::pairs {

struct Pair {
  std::string name;  // of the file, without its extension
  std::string rule;
  support::TxtarFiles files;
};

// Sorted by name.
const std::vector<Pair>& all_pairs();
const Pair& find_pair(const std::string& name);

// Writes both releases, as ROOT/old and ROOT/new.
void write_pair(FileSystem& files, const std::string& root, const Pair& pair);

policy::Policy policy_of(const Pair& pair);

// Replaces what must come out of the pair, in its file.
void write_expected(const Pair& pair, const support::TxtarFiles& expected);

}  // namespace relup::pairs
