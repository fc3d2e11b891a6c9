// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pairs of releases that differ in known modules, always the same for the same installed Erlang:
//
//     old, new         release roots
//     expected.term    the modules that differ (make_release_pair.escript tells its form)

#include <map>
#include <string>
#include <string_view>

#include "term/atom.hpp"

namespace relup::bench {

enum class Pair {
  small,     // two applications of OTP and what they need, 16 modules differ
  otp,       // the installed libraries of Erlang and Elixir, 150 modules differ
  otp_times  // copies of `otp` up to 10,000 modules, the same 150 differ
};

std::string_view to_string(Pair pair);

// Makes the pair in DIRECTORY/NAME where it is not there yet, and returns that path.
std::string make_pair(Pair pair, const std::string& directory);

enum class Verdict { changed, rebuilt };
using ModuleNames = std::map<Atom, Verdict>;
using Expected = std::map<Atom, ModuleNames>;  // by application

Expected read_expected(const std::string& pair_directory);

// Of the new release.
std::size_t count_modules(const std::string& pair_directory);

}  // namespace relup::bench
