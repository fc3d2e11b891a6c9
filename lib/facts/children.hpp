// SPDX-License-Identifier: Apache-2.0
#pragma once

// The children that a supervisor lists: by init/1 of a supervisor, or, in Elixir, by start/2 of an
// application that starts its top supervisor itself. Nothing is run, so only lists that stand there
// literally are known, seen through variables, sums and functions of the module. Told from the
// source, and without debug information from those functions that make no choice
// (beam/source/recovered_source.hpp).

#include <map>
#include <optional>
#include <string>
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
  bool has_dynamic_modules = false;  // it says `dynamic` in their place
  // The function that starts it, and how many arguments it takes.
  std::optional<std::pair<Atom, std::size_t>> start_function = {};
  // In Elixir: the module whose child_spec/1 says everything that is not said here.
  std::optional<Atom> describer = {};
  // {Module, Function, Arguments}; in Elixir also Module or {Module, Argument}, which stand for it.
  std::optional<Term> start = {};
  // Its restart, shutdown and type, where they are literal; with the defaults of supervisor(3).
  std::map<std::string, Term> settings = {};
  bool operator==(const Child& other) const { return id == other.id; }
};

struct Children {
  enum class Source { init, application_start };
  Source source = Source::init;
  std::vector<Child> list;
  // How others call the supervisor: a registered name, {global, Name}. None when it has no name, or
  // one that is not literal.
  std::optional<Term> supervisor;
  // Its strategy, intensity and period, where they are literal.
  std::map<std::string, Term> flags = {};
  // The argument with which the module starts itself as a supervisor, which init/1 gets; none where
  // it is not literal. An update calls init/1 with that of the start (supervisor:code_change/3).
  std::optional<Term> argument = {};
  bool has_start = false;                         // whether it starts itself at all
  std::vector<beam::Expression> init_heads = {};  // the pattern of each clause of init/1
};

// No answer when the module lists no children, or not literally. A simple_one_for_one supervisor
// lists none: its one specification is a pattern.
Reading<Children> children_of(const beam::SourceCode& code);

// The one specification of a simple_one_for_one supervisor, where it is literal.
std::optional<Child> pattern_of_simple_supervisor(const beam::SourceCode& code);

// What child_spec/1 of a module answers, where that is literal.
std::optional<Child> child_described_by(const beam::SourceCode& code);

// Whether init/1 surely answers the flags of a simple_one_for_one supervisor.
bool is_simple_supervisor(const beam::SourceCode& code);

// One id, and what differs of it.
struct ChangedChild {
  Child before;
  Child after;
  bool starts_otherwise = false;      // another start function, or other arguments
  std::vector<std::string> settings;  // restart, shutdown, type: in that order
};

struct ChangedFlag {
  std::string name;
  Term before;
  Term after;
};

struct ChildrenChange {
  Children::Source source = Children::Source::init;
  std::vector<Child> added;
  std::vector<Child> removed;
  std::optional<Term> supervisor;
  std::vector<ChangedChild> changed = {};
  std::vector<ChangedFlag> flags = {};
  // The argument that init/1 was called with in the old release, where the new one starts the
  // supervisor with another.
  std::optional<Term> old_argument = {};
  bool init_refuses = false;  // no clause of the new init/1 can take it

  bool lists_others() const { return !added.empty() || !removed.empty(); }
};

// None when nothing of this differs.
std::optional<ChildrenChange> compare_children(const Children& before, const Children& after);

}  // namespace relup::facts
