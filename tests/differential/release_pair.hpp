// SPDX-License-Identifier: Apache-2.0
#pragma once

// One case: the files of a top release and its bases, and the call that makes a relup of them.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "term/term.hpp"

namespace relup::differential {

struct Base {
  std::string rel;
  std::optional<Term> description;
};

struct Call {
  std::string top;
  std::vector<Base> up;
  std::vector<Base> down;
  std::vector<std::string> path;
  bool restart_emulator = false;
  bool warnings_as_errors = false;
};

struct ReleasePair {
  std::map<std::string, std::string> files;  // path, relative, and content
  std::map<std::string, std::string> links;  // path and where it points
  std::vector<std::string> directories;      // made even if no file stands in them
  Call call;
};

// Pair `number` of `seed`: the same on every machine.
ReleasePair generate_pair(std::uint64_t seed, std::uint64_t number);

// Puts the files of `pair` into `directory`, which must not exist.
void write_pair(const ReleasePair& pair, const std::string& directory);

}  // namespace relup::differential
