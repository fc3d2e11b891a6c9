// SPDX-License-Identifier: Apache-2.0
#pragma once

// A release resource file, `NAME.rel` (rel(4)): which applications, in which versions and start
// types, make a release. Reading applies the checks of `systools_make:check_rel/1` in its order.

#include <optional>
#include <string>
#include <vector>

#include "base/source.hpp"
#include "term/problem.hpp"
#include "term/term.hpp"

namespace relup::release {

struct RelApplication {
  Atom name;
  std::string version;
  Atom start_type;                            // permanent, transient, temporary, load or none
  std::optional<std::vector<Atom>> included;  // overrides included_applications of the .app
  Span span;
};

struct RelFile {
  std::string name;
  std::string version;
  std::string erts_version;
  std::vector<RelApplication> applications;  // in file order
  Source source;

  const RelApplication* find(Atom application) const;
};

// Reads the term of a `.rel` file. On a fault nothing is returned and at least one problem is
// added.
std::optional<RelFile> read_rel_term(const Term& term, const Source& source, Problems& problems);

bool is_start_type(const Term& term);

}  // namespace relup::release
