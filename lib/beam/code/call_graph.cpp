// SPDX-License-Identifier: Apache-2.0
#include "beam/code/call_graph.hpp"

#include <algorithm>

#include "beam/code/endless_loops.hpp"
#include "beam/code/function_set.hpp"
#include "beam/code/known_calls.hpp"

namespace relup::beam {
namespace {

using Kind = CodeStep::Kind;

class Requests {
 public:
  explicit Requests(const ModuleCode& code)
      : code_(code), size_(code.functions.size()), users_(reversed(used_by(code))) {}

  // Functions that send a request and wait, or call such a one. A fun counts as called, but where
  // it may be what a new process runs.
  FunctionSet waiting() const {
    return grow_set(users_, [this](std::size_t function, const FunctionSet& known) {
      const FunctionCode& code = code_.functions[function];
      const bool waits =
          std::any_of(code.steps.begin(), code.steps.end(), [&](const CodeStep& step) {
            return asks(step) || (step.kind == Kind::local_call && known[step.called]);
          });
      return waits || (!starts_process(code) &&
                       std::any_of(code.funs.begin(), code.funs.end(),
                                   [&](const MadeFun& fun) { return known[fun.function]; }));
    });
  }

  // Those among `waiting` that are on the stack meanwhile: a tail call leaves nothing of them.
  FunctionSet staying(const FunctionSet& waiting) const {
    return grow_set(users_, [&](std::size_t function, const FunctionSet& known) {
      const auto& steps = code_.functions[function].steps;
      return std::any_of(steps.begin(), steps.end(), [&](const CodeStep& step) {
        if (step.kind == Kind::local_call) {
          return step.is_tail ? known[step.called] : waiting[step.called];
        }
        return asks(step) && !step.is_tail;
      });
    });
  }

  // Adds whom the functions in `set` ask.
  void add_servers(const FunctionSet& set, WaitingFunction& found) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (!set[i]) continue;
      for (const CodeStep& step : code_.functions[i].steps) {
        if (!asks(step)) continue;
        const Import& call = code_.imports[step.called];
        const bool is_to_server = is_request_to_server(call);
        const auto& server = step.arguments.front();
        if (server && (is_to_server || is_request_to_supervisor(call))) {
          found.servers.push_back(*server);
        }
        if (!server && is_to_server) found.asks_others = true;
      }
    }
    std::sort(found.servers.begin(), found.servers.end());
    found.servers.erase(std::unique(found.servers.begin(), found.servers.end()),
                        found.servers.end());
  }

 private:
  bool asks(const CodeStep& step) const {
    return step.kind == Kind::external_call && is_request(code_.imports[step.called]);
  }
  bool starts_process(const FunctionCode& function) const {
    return std::any_of(function.steps.begin(), function.steps.end(), [this](const CodeStep& step) {
      return step.kind == Kind::external_call && is_start_of_process(code_.imports[step.called]);
    });
  }

  static FunctionEdges used_by(const ModuleCode& code) {
    FunctionEdges edges = local_calls(code);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      for (const MadeFun& fun : code.functions[i].funs)
        edges[i].push_back(fun.function);
    }
    return edges;
  }

  const ModuleCode& code_;
  std::size_t size_;
  FunctionEdges users_;  // who calls a function, or makes a fun of it
};

}  // namespace

CallGraph::CallGraph(const BeamFile& file)
    : code_(std::make_shared<const ModuleCode>(read_module_code(file))),
      is_captive_(code_->functions.size()),
      calls_and_waits_(Requests(*code_).waiting()) {
  for (const auto& loop : find_endless_loops(*code_)) {
    loops_.push_back(loop.front());
    for (const std::size_t member : loop)
      is_captive_[member] = true;
  }
}

std::optional<std::size_t> CallGraph::index_of(Atom function, unsigned arity) const {
  for (std::size_t i = 0; i < code_->functions.size(); ++i) {
    const FunctionCode& each = code_->functions[i];
    if (each.name == function && each.arity == arity) return i;
  }
  return std::nullopt;
}

bool CallGraph::waits_for_ever_in_old_code(Atom function, unsigned arity) const {
  const auto index = index_of(function, arity);
  return index && is_captive_[*index];
}

std::vector<const FunctionCode*> CallGraph::endless_loops() const {
  std::vector<const FunctionCode*> loops;
  for (const std::size_t loop : loops_)
    loops.push_back(&code_->functions[loop]);
  return loops;
}

std::vector<const FunctionCode*> CallGraph::captive_functions() const {
  std::vector<const FunctionCode*> captive;
  for (std::size_t i = 0; i < is_captive_.size(); ++i) {
    if (is_captive_[i]) captive.push_back(&code_->functions[i]);
  }
  return captive;
}

void CallGraph::forget_steps() {
  recursive_ = recursive_functions();
  waiting_ = waiting_functions();
  auto kept = std::make_shared<ModuleCode>(ModuleCode{code_->module, {}, {}, code_->is_complete});
  for (const FunctionCode& function : code_->functions)
    kept->functions.push_back({function.name, function.arity, function.is_exported});
  const auto in_kept = [&](const FunctionCode*& function) {
    function = &kept->functions[static_cast<std::size_t>(function - code_->functions.data())];
  };
  for (const FunctionCode*& function : *recursive_)
    in_kept(function);
  for (WaitingFunction& waiting : *waiting_)
    in_kept(waiting.function);
  code_ = std::move(kept);
}

std::vector<const FunctionCode*> CallGraph::recursive_functions() const {
  if (recursive_) return *recursive_;
  std::vector<const FunctionCode*> recursive;
  for (const auto& cycle : cycles_of(local_calls(*code_))) {
    for (const std::size_t member : cycle)
      recursive.push_back(&code_->functions[member]);
  }
  return recursive;
}

bool CallGraph::calls_and_waits(Atom function, unsigned arity) const {
  const auto index = index_of(function, arity);
  return index && calls_and_waits_[*index];
}

std::vector<WaitingFunction> CallGraph::waiting_functions() const {
  if (waiting_) return *waiting_;
  const Requests requests(*code_);
  const FunctionSet staying = requests.staying(calls_and_waits_);
  const FunctionEdges edges = local_calls(*code_);
  std::vector<WaitingFunction> found;
  for (std::size_t i = 0; i < staying.size(); ++i) {
    if (!staying[i] || !code_->functions[i].is_exported) continue;
    FunctionSet called = reached_from({i}, edges);
    called[i] = true;
    found.push_back({&code_->functions[i], {}});
    requests.add_servers(called, found.back());
  }
  return found;
}

}  // namespace relup::beam
