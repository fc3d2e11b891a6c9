// SPDX-License-Identifier: Apache-2.0
//
// Groups are the weakly connected components of the graph in which a module points to its DepMods.
// Inside a group the strongly connected components (cycles) are kept together and put into
// topological order. Everything here is linear in modules plus edges but for a logarithm in the
// queue that breaks ties: components come from union-find, cycles from Tarjan's algorithm with a
// stack of its own (a chain of a hundred thousand modules must not end the program), the order from
// Kahn's.

#include "relup/dependency_groups.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <unordered_map>

#include "relup/merge_scripts.hpp"

namespace relup {
namespace {

using Index = std::size_t;
using Edges = std::vector<std::vector<Index>>;

struct Graph {
  std::vector<Index> instructions;  // of each vertex, in script order
  Edges edges;                      // from a module to those it depends on
};

using Vertices = std::unordered_map<Atom, Index>;

// Adds a vertex to `graph` for every instruction that takes part in groups.
Vertices add_vertices(const Script& script, Graph& graph, Problems& problems) {
  Vertices vertices;
  for (Index i = 0; i < script.size(); ++i) {
    const std::optional<Ties> ties = ties_of(script[i]);
    if (!ties) continue;
    if (vertices.emplace(ties->module, graph.instructions.size()).second) {
      graph.instructions.push_back(i);
      continue;
    }
    Problem problem = instruction_problem("muldef-module", script[i],
                                          "a second instruction for module " + ties->module.name(),
                                          tagged("muldef_module", Term(ties->module)));
    problem.diagnostic.notes.push_back("keep one of them: a module is changed once in an upgrade");
    problems.push_back(std::move(problem));
  }
  return vertices;
}

std::optional<Graph> make_graph(const Script& script, Problems& problems) {
  const std::size_t before = problems.size();
  Graph graph;
  const Vertices vertices = add_vertices(script, graph, problems);
  if (problems.size() != before) return std::nullopt;
  graph.edges.resize(graph.instructions.size());
  for (Index vertex = 0; vertex < graph.instructions.size(); ++vertex) {
    const appup::Instruction& instruction = script[graph.instructions[vertex]];
    for (const Atom module : *ties_of(instruction)->dep_mods) {
      const auto found = vertices.find(module);
      if (found == vertices.end()) {
        Problem problem = instruction_problem(
            "undef-module", instruction,
            "depends on " + module.name() + ", for which there is no instruction",
            tagged("undef_module", Term(module)));
        problem.diagnostic.notes.push_back(
            "DepMods may name only modules that the same upgrade updates, loads or deletes");
        problems.push_back(std::move(problem));
      } else if (found->second != vertex) {
        graph.edges[vertex].push_back(found->second);
      }
    }
  }
  return problems.size() == before ? std::optional(std::move(graph)) : std::nullopt;
}

class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : parents_(size) {
    std::iota(parents_.begin(), parents_.end(), Index{0});
  }
  Index find(Index vertex) {
    while (parents_[vertex] != vertex) {
      parents_[vertex] = parents_[parents_[vertex]];
      vertex = parents_[vertex];
    }
    return vertex;
  }
  // The smaller index represents, so that a group is named by its first member.
  void join(Index left, Index right) {
    left = find(left);
    right = find(right);
    parents_[std::max(left, right)] = std::min(left, right);
  }

 private:
  std::vector<Index> parents_;
};

// Numbers the strongly connected components: `of[v]` is the component of vertex v.
class StrongComponents {
 public:
  explicit StrongComponents(const Edges& edges)
      : edges_(edges), of(edges.size(), none), low_(edges.size()), number_(edges.size(), none) {
    for (Index vertex = 0; vertex < edges.size(); ++vertex) {
      if (number_[vertex] == none) visit(vertex);
    }
  }

 private:
  static constexpr Index none = static_cast<Index>(-1);
  struct Frame {
    Index vertex;
    std::size_t next_edge;
  };

  void enter(Index vertex) {
    number_[vertex] = low_[vertex] = visited_++;
    open_.push_back(vertex);
    frames_.push_back({vertex, 0});
  }

  void visit(Index root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const Index vertex = frame.vertex;
      if (frame.next_edge < edges_[vertex].size()) {
        const Index target = edges_[vertex][frame.next_edge++];
        if (number_[target] == none) {
          enter(target);
        } else if (of[target] == none) {
          low_[vertex] = std::min(low_[vertex], number_[target]);
        }
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) {
        Index& caller = low_[frames_.back().vertex];
        caller = std::min(caller, low_[vertex]);
      }
      if (low_[vertex] == number_[vertex]) close(vertex);
    }
  }

  void close(Index vertex) {
    Index member = none;
    do {
      member = open_.back();
      open_.pop_back();
      of[member] = count;
    } while (member != vertex);
    ++count;
  }

  const Edges& edges_;

 public:
  std::vector<Index> of;
  std::size_t count = 0;

 private:
  std::vector<Index> low_;
  std::vector<Index> number_;
  std::vector<Index> open_;
  std::vector<Frame> frames_;
  Index visited_ = 0;
};

// Kahn's algorithm over the strongly connected components, with a queue that knows the ranks.
class TopologicalOrder {
 public:
  TopologicalOrder(const Edges& edges, const std::vector<Index>& ranks)
      : edges_(edges),
        ranks_(ranks),
        components_(edges),
        members_(components_.count),
        dependents_(components_.count, 0) {
    for (Index vertex = 0; vertex < edges_.size(); ++vertex) {
      members_[components_.of[vertex]].push_back(vertex);
      visit_dependencies(vertex, [this](Index component) { ++dependents_[component]; });
    }
  }

  // All vertices: components in topological order, ties by the rank of the first member, members in
  // script order.
  std::vector<Index> vertices() {
    for (Index component = 0; component < components_.count; ++component) {
      if (dependents_[component] == 0) enqueue(component);
    }
    std::vector<Index> order;
    order.reserve(edges_.size());
    while (!ready_.empty()) {
      const Index component = ready_.top().second;
      ready_.pop();
      for (const Index vertex : members_[component]) {
        order.push_back(vertex);
        visit_dependencies(vertex, [this](Index other) {
          if (--dependents_[other] == 0) enqueue(other);
        });
      }
    }
    return order;
  }

 private:
  using Candidate = std::pair<Index, Index>;  // rank of the first member, component

  void enqueue(Index component) { ready_.emplace(ranks_[members_[component].front()], component); }

  // The other components that `vertex` depends on, once per edge.
  template <typename Visit>
  void visit_dependencies(Index vertex, Visit visit) const {
    for (const Index target : edges_[vertex]) {
      const Index component = components_.of[target];
      if (component != components_.of[vertex]) visit(component);
    }
  }

  const Edges& edges_;
  const std::vector<Index>& ranks_;
  StrongComponents components_;
  std::vector<std::vector<Index>> members_;
  std::vector<std::size_t> dependents_;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> ready_;
};

}  // namespace

std::optional<Ties> ties_of(const appup::Instruction& instruction) {
  if (const auto* update = std::get_if<appup::Update>(&instruction.action)) {
    return Ties{update->module, &update->dep_mods};
  }
  if (const auto* load = std::get_if<appup::LoadModule>(&instruction.action)) {
    return Ties{load->module, &load->dep_mods};
  }
  if (const auto* removed = std::get_if<appup::DeleteModule>(&instruction.action)) {
    return Ties{removed->module, &removed->dep_mods};
  }
  return std::nullopt;
}

void check_defined_once(const Script& script, Problems& problems) {
  Graph unused;
  add_vertices(script, unused, problems);
}

std::optional<std::vector<std::vector<std::size_t>>> dependency_groups(const Script& script,
                                                                       const TieBreak& tie_break,
                                                                       Problems& problems) {
  const std::optional<Graph> graph = make_graph(script, problems);
  if (!graph) return std::nullopt;
  const std::size_t size = graph->edges.size();
  UnionFind groups(size);
  std::vector<Index> ranks(size);
  for (Index vertex = 0; vertex < size; ++vertex) {
    for (const Index target : graph->edges[vertex])
      groups.join(vertex, target);
    const auto given = tie_break.find(ties_of(script[graph->instructions[vertex]])->module);
    ranks[vertex] = given == tie_break.end() ? vertex : given->second;
  }
  std::vector<std::vector<std::size_t>> by_root(size);
  for (const Index vertex : TopologicalOrder(graph->edges, ranks).vertices()) {
    by_root[groups.find(vertex)].push_back(graph->instructions[vertex]);
  }
  std::erase_if(by_root, [](const auto& group) { return group.empty(); });
  return by_root;
}

}  // namespace relup
