// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sets of functions of one module, and how they grow along calls.

#include <numeric>
#include <vector>

#include "beam/code/module_code.hpp"

namespace relup::beam {

// By index in ModuleCode::functions.
using FunctionSet = std::vector<bool>;
// For every function, others that it leads to.
using FunctionEdges = std::vector<std::vector<std::size_t>>;

// For every function, those that it calls in its module.
FunctionEdges local_calls(const ModuleCode& code);

FunctionEdges reversed(const FunctionEdges& edges);

// What `from` leads to over one edge or more. Its own elements are in it only where a cycle leads
// back to them.
FunctionSet reached_from(const std::vector<std::size_t>& from, const FunctionEdges& edges);

// The functions of each cycle, in order: those that lead to each other, and one that leads to
// itself.
std::vector<std::vector<std::size_t>> cycles_of(const FunctionEdges& edges);

// Every function for which `holds` is true, where `holds` may ask for those found so far, and says
// yes to no less when there are more. When a function is found, it is asked again of its `callers`,
// which are all whose answer may hang on it.
template <typename Holds>
FunctionSet grow_set(const FunctionEdges& callers, Holds holds) {
  FunctionSet set(callers.size());
  FunctionSet is_open(callers.size(), true);
  std::vector<std::size_t> open(callers.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  while (!open.empty()) {
    const std::size_t function = open.back();
    open.pop_back();
    is_open[function] = false;
    if (set[function] || !holds(function, set)) continue;
    set[function] = true;
    for (const std::size_t caller : callers[function]) {
      if (set[caller] || is_open[caller]) continue;
      is_open[caller] = true;
      open.push_back(caller);
    }
  }
  return set;
}

}  // namespace relup::beam
