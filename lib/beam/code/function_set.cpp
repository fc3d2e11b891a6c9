// SPDX-License-Identifier: Apache-2.0
//
// Cycles are found in two walks (Kosaraju): the first notes every function when all that it leads
// to has been seen; the second goes against the calls, from the function noted last, and what it
// reaches that is in no other cycle yet belongs together.

#include "beam/code/function_set.hpp"

#include <algorithm>

namespace relup::beam {
namespace {

// Every function after all that it leads to, but for cycles.
std::vector<std::size_t> in_order_of_end(const FunctionEdges& edges) {
  struct Visit {
    std::size_t function;
    std::size_t next = 0;  // of its edges
  };
  std::vector<std::size_t> order;
  FunctionSet is_seen(edges.size());
  std::vector<Visit> open;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (!is_seen[i]) open.push_back({i});
    is_seen[i] = true;
    while (!open.empty()) {
      auto& [function, next] = open.back();
      if (next == edges[function].size()) {
        order.push_back(function);
        open.pop_back();
        continue;
      }
      const std::size_t called = edges[function][next++];
      if (!is_seen[called]) open.push_back({called});
      is_seen[called] = true;
    }
  }
  return order;
}

// Takes `function`, and what leads to it and was not taken before.
std::vector<std::size_t> take_together(std::size_t function, const FunctionEdges& callers,
                                       FunctionSet& is_taken) {
  std::vector<std::size_t> together{function};
  is_taken[function] = true;
  for (std::size_t i = 0; i < together.size(); ++i) {
    for (const std::size_t caller : callers[together[i]]) {
      if (!is_taken[caller]) together.push_back(caller);
      is_taken[caller] = true;
    }
  }
  std::sort(together.begin(), together.end());
  return together;
}

}  // namespace

std::vector<std::vector<std::size_t>> cycles_of(const FunctionEdges& edges) {
  const FunctionEdges callers = reversed(edges);
  const std::vector<std::size_t> order = in_order_of_end(edges);
  std::vector<std::vector<std::size_t>> cycles;
  FunctionSet is_taken(edges.size());
  for (auto last = order.rbegin(); last != order.rend(); ++last) {
    if (is_taken[*last]) continue;
    std::vector<std::size_t> together = take_together(*last, callers, is_taken);
    const std::vector<std::size_t>& called = edges[together.front()];
    const bool is_cycle =
        together.size() > 1 || std::find(called.begin(), called.end(), *last) != called.end();
    if (is_cycle) cycles.push_back(std::move(together));
  }
  std::sort(cycles.begin(), cycles.end());
  return cycles;
}

FunctionEdges local_calls(const ModuleCode& code) {
  FunctionEdges edges(code.functions.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    for (const CodeStep& step : code.functions[i].steps) {
      if (step.kind == CodeStep::Kind::local_call) edges[i].push_back(step.called);
    }
  }
  return edges;
}

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
