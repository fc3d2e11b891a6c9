// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where values of a compiled module come from: for every function the values that it builds, passes
// to calls and returns, as a graph, and the tuples and keys that it looks for. Told from the Code
// chunk, so a stripped module tells it as well; functions that choose tell all that may come of it.
// What cannot be followed is a value of kind `unknown`. A damaged file is an Error (bad_input).

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "beam/file/beam_file.hpp"

namespace relup::beam {

struct FlowNode {
  using Index = std::uint32_t;  // in FunctionFlow::nodes
  enum class Kind {
    unknown,
    term,      // `value`
    tuple,     // of `parts`
    list,      // head and tail
    map,       // `parts`: the map that it was made of, then keys and values by turns
    call,      // of `function` with `parts`; of this module where there is no `module`
    fun,       // of `function` of this module, with `number` parameters before the kept `parts`
    argument,  // `number` of this function, from 0
    element,   // `number` of the tuple in `parts`
    choice,    // one of `parts`
  };
  Kind kind = Kind::unknown;
  Term value = {};
  std::size_t number = 0;
  std::vector<Index> parts = {};
  std::optional<Atom> module = {};
  std::optional<Atom> function = {};
};

// A tuple with an atom in front: how records look in memory.
struct TupleShape {
  Atom tag;
  std::size_t size = 0;  // with the tag
  auto operator<=>(const TupleShape&) const = default;
};

struct FunctionFlow {
  Atom name;
  unsigned arity = 0;
  std::vector<FlowNode> nodes = {};
  std::vector<FlowNode::Index> calls = {};    // in the order of the code
  std::vector<FlowNode::Index> results = {};  // what it may return
  std::set<TupleShape> matched = {};          // tuples that it looks for
  std::set<Atom> compared = {};               // atoms that it looks for
  bool takes_anything = true;                 // no argument makes it fail with function_clause
};

struct ValueFlow {
  Atom module;
  std::map<std::pair<Atom, unsigned>, FunctionFlow> functions = {};
  bool is_whole = true;  // whether all of the code was followed
  // The function that runs while the module is loaded (-on_load).
  std::optional<std::pair<Atom, unsigned>> on_load = {};

  const FunctionFlow* find(std::string_view name, std::size_t arity) const;
  const FunctionFlow* find(Atom name, std::size_t arity) const;
};

ValueFlow read_value_flow(const BeamFile& file);

// `from`, which may be null, and the functions of the module that it leads to, by calls and by the
// funs that it makes.
std::set<const FunctionFlow*> reached_from(const ValueFlow& code, const FunctionFlow* from);

}  // namespace relup::beam
