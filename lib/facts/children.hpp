// SPDX-License-Identifier: Apache-2.0
#pragma once

// The children that a supervisor lists: by init/1 of a supervisor, or, in Elixir, by start/2 of an
// application that starts its top supervisor itself. Nothing is run, so only lists that stand there
// literally are known, seen through variables, sums and functions of the module. Told from the
// source, and without debug information from those functions that make no choice
// (beam/source/recovered_source.hpp).

#include <optional>
#include <vector>

#include "facts/evaluator.hpp"

namespace relup::facts {

struct Child {
  Term id;
  std::optional<Term> specification;  // where all of it is literal
  // The module whose function starts it, and those by which the release handler finds its
  // processes. Only of a specification that is a tuple or a map, and where they are literal.
  std::optional<Atom> starter = {};
  std::optional<std::vector<Atom>> modules = {};
  bool operator==(const Child& other) const { return id == other.id; }
};

struct Children {
  enum class Source { init, application_start };
  Source source = Source::init;
  std::vector<Child> list;
  // How others call the supervisor: a registered name, {global, Name}. None when it has no name, or
  // one that is not literal.
  std::optional<Term> supervisor;
};

// No answer when the module lists no children, or not literally. A simple_one_for_one supervisor
// lists none: its one specification is a pattern.
Reading<Children> children_of(const beam::SourceCode& code);

// Whether init/1 surely answers the flags of a simple_one_for_one supervisor.
bool is_simple_supervisor(const beam::SourceCode& code);

struct ChildrenChange {
  Children::Source source = Children::Source::init;
  std::vector<Child> added;
  std::vector<Child> removed;
  std::optional<Term> supervisor;
};

// None when both list the same ids.
std::optional<ChildrenChange> compare_children(const Children& before, const Children& after);

}  // namespace relup::facts
