// SPDX-License-Identifier: Apache-2.0
#include "beam/code/function_set.hpp"

namespace relup::beam {

FunctionEdges reversed(const FunctionEdges& edges) {
  FunctionEdges result(edges.size());
  for (std::size_t from = 0; from < edges.size(); ++from) {
    for (const std::size_t to : edges[from])
      result[to].push_back(from);
  }
  return result;
}

FunctionSet reached_from(const std::vector<std::size_t>& from, const FunctionEdges& edges) {
  FunctionSet reached(edges.size());
  std::vector<std::size_t> open = from;
  while (!open.empty()) {
    const std::size_t function = open.back();
    open.pop_back();
    for (const std::size_t next : edges[function]) {
      if (reached[next]) continue;
      reached[next] = true;
      open.push_back(next);
    }
  }
  return reached;
}

}  // namespace relup::beam
