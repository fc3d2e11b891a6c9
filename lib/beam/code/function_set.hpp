// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sets of functions of one module, and how they grow along calls.

#include <vector>

#include "beam/code/module_code.hpp"

namespace relup::beam {

// By index in ModuleCode::functions.
using FunctionSet = std::vector<bool>;
// For every function, others that it leads to.
using FunctionEdges = std::vector<std::vector<std::size_t>>;

FunctionEdges reversed(const FunctionEdges& edges);

// What `from` leads to over one edge or more. Its own elements are in it only where a cycle leads
// back to them.
FunctionSet reached_from(const std::vector<std::size_t>& from, const FunctionEdges& edges);

// Every function for which `holds` is true, where `holds` may ask for those found so far: grows the
// set until nothing is added.
template <typename Holds>
FunctionSet grow_set(std::size_t size, Holds holds) {
  FunctionSet set(size);
  for (bool grows = true; grows;) {
    grows = false;
    for (std::size_t i = size; i-- > 0;) {
      if (set[i] || !holds(i, set)) continue;
      set[i] = true;
      grows = true;
    }
  }
  return set;
}

}  // namespace relup::beam
