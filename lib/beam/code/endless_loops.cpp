// SPDX-License-Identifier: Apache-2.0
//
// A process that waits for messages calls a function again and again: `loop(S) -> receive M ->
// loop(handle(M, S)) end`. So does one that gathers answers: `gather(N, L) -> receive A ->
// gather(N - 1, [A | L]) end`, and it must not be taken for the other. A cycle of local calls in
// which something waits is where processes live, when
//
//   - it never returns, on whatever way through its functions, or a process starts there: a spawned
//     function leads to it by tail calls only, so nothing waits for its result;
//   - and who enters it cannot come to its end before it has waited. One that gathers does, when
//     nothing is left to gather.
//
// It is left for newer code where any function that can be reached from it calls, with the name of
// its own module, one that leads back to the cycle, or hands the process over to a loop of OTP.
// Calls of modules that are only known when they run are taken for such when they are tail calls.

#include "beam/code/endless_loops.hpp"

#include <algorithm>

#include "beam/code/function_set.hpp"
#include "beam/code/known_calls.hpp"

namespace relup::beam {
namespace {

using Kind = CodeStep::Kind;
using Functions = std::vector<std::size_t>;

// Which ways through a function count, and which ends: to return; to return or exit before
// anything was waited for.
enum class Ways { all, without_waiting };

class LoopFinder {
 public:
  explicit LoopFinder(const ModuleCode& code)
      : code_(code),
        size_(code.functions.size()),
        calls_(edges_of(Calls::all)),
        callers_(reversed(calls_)),
        leads_to_(with_funs(calls_)),
        returns_(ending(Ways::all)),
        ends_at_once_(ending(Ways::without_waiting)),
        is_started_(started()) {}

  std::vector<Functions> find() const {
    std::vector<Functions> loops;
    const FunctionSet leads_to_wait = functions_that_wait();
    for (Functions& cycle : cycles_of(calls_)) {
      if (!leads_to_wait[cycle.front()] || !is_endless(cycle)) continue;
      put_entry_first(cycle);
      loops.push_back(std::move(cycle));
    }
    return loops;
  }

 private:
  enum class Calls { all, tail };

  const Import& import_of(const CodeStep& step) const { return code_.imports[step.called]; }

  FunctionEdges edges_of(Calls which) const {
    FunctionEdges edges(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      for (const CodeStep& step : code_.functions[i].steps) {
        const bool counts = step.kind == Kind::local_call && (which == Calls::all || step.is_tail);
        if (counts) edges[i].push_back(step.called);
      }
    }
    return edges;
  }

  // Functions that come to their end on some way.
  FunctionSet ending(Ways ways) const {
    return grow_set(callers_, [this, ways](std::size_t function, const FunctionSet& known) {
      return may_end(code_.functions[function], ways, known);
    });
  }

  // Walks the steps of one function; `known` are those that surely end.
  bool may_end(const FunctionCode& function, Ways ways, const FunctionSet& known) const {
    std::vector<bool> is_seen(function.steps.size());
    std::vector<std::size_t> open{0};
    while (!open.empty()) {
      const std::size_t number = open.back();
      open.pop_back();
      if (number >= function.steps.size() || is_seen[number]) continue;
      is_seen[number] = true;
      const CodeStep& step = function.steps[number];
      if (step.kind == Kind::returns) return true;
      const bool exits = step.kind == Kind::external_call && is_exit(import_of(step));
      if (exits && ways == Ways::without_waiting) return true;
      open.insert(open.end(), step.jumps.begin(), step.jumps.end());
      if (!goes_on(step, ways, known)) continue;
      if (step.is_tail) return true;
      open.push_back(number + 1);
    }
    return false;
  }

  // Whether what follows the step is reached.
  bool goes_on(const CodeStep& step, Ways ways, const FunctionSet& known) const {
    switch (step.kind) {
      case Kind::branch:
      case Kind::apply:
        return true;
      case Kind::waits:
        return ways == Ways::all;
      case Kind::local_call:
        return known[step.called];
      case Kind::external_call: {
        const Import& call = import_of(step);
        if (is_exception(call)) return false;
        return ways == Ways::all || !(is_pause(call) || is_request(call));
      }
      case Kind::jump:
      case Kind::stop:
      case Kind::returns:
        break;
    }
    return false;
  }

  // Functions that a process runs from its start, or comes to by tail calls.
  FunctionSet started() const {
    Functions entries;
    for (const FunctionCode& function : code_.functions) {
      for (const CodeStep& step : function.steps) {
        const bool starts =
            step.kind == Kind::external_call && is_start_of_process(import_of(step));
        if (starts) add_started(function, step, entries);
      }
    }
    FunctionSet reached = reached_from(entries, edges_of(Calls::tail));
    for (const std::size_t entry : entries)
      reached[entry] = true;
    return reached;
  }

  // `spawn(fun() -> ... end)`: every fun of that kind which stands in the same function.
  // `spawn(M, F, A)`, `spawn(Node, M, F, A)`: of functions with that name the one that takes as
  // many arguments as the list has, or all where nobody knows how many.
  void add_started(const FunctionCode& function, const CodeStep& step, Functions& entries) const {
    for (const MadeFun& fun : function.funs) {
      if (fun.arity == 0) entries.push_back(fun.function);
    }
    for (std::size_t i = 0; i + 1 < step.arguments.size(); ++i) {
      if (step.arguments[i] != code_.module || !step.arguments[i + 1]) continue;
      const bool has_list =
          i + 2 < step.list_lengths.size() && step.list_lengths[i + 2].has_value();
      for (std::size_t j = 0; j < size_; ++j) {
        const FunctionCode& started = code_.functions[j];
        if (started.name != *step.arguments[i + 1]) continue;
        if (!has_list || started.arity == *step.list_lengths[i + 2]) entries.push_back(j);
      }
    }
  }

  bool waits_itself(std::size_t function) const {
    const auto& steps = code_.functions[function].steps;
    return std::any_of(steps.begin(), steps.end(), [this](const CodeStep& step) {
      return step.kind == Kind::waits ||
             (step.kind == Kind::external_call && is_pause(import_of(step)));
    });
  }

  FunctionSet functions_that_wait() const {
    Functions waiting;
    for (std::size_t i = 0; i < size_; ++i) {
      if (waits_itself(i)) waiting.push_back(i);
    }
    FunctionSet leading = reached_from(waiting, callers_);
    for (const std::size_t function : waiting)
      leading[function] = true;
    return leading;
  }

  bool is_endless(const Functions& cycle) const {
    const auto in = [&](const FunctionSet& set) {
      return [&set](std::size_t member) { return set[member]; };
    };
    const bool never_returns = std::none_of(cycle.begin(), cycle.end(), in(returns_));
    const bool is_started = std::any_of(cycle.begin(), cycle.end(), in(is_started_));
    const Functions entries = entries_of(cycle);
    const bool gathers = std::any_of(entries.begin(), entries.end(), in(ends_at_once_));
    return (never_returns || is_started) && !gathers && !is_left(cycle);
  }

  // Where others come into the cycle; all of it where nobody does.
  Functions entries_of(const Functions& cycle) const {
    Functions entries;
    for (const std::size_t member : cycle) {
      const auto& callers = callers_[member];
      const bool is_called =
          std::any_of(callers.begin(), callers.end(), [&cycle](std::size_t caller) {
            return !std::binary_search(cycle.begin(), cycle.end(), caller);
          });
      if (is_called || code_.functions[member].is_exported) entries.push_back(member);
    }
    return entries.empty() ? cycle : entries;
  }

  void put_entry_first(Functions& cycle) const {
    const std::size_t entry = entries_of(cycle).front();
    const auto place = std::find(cycle.begin(), cycle.end(), entry);
    std::rotate(cycle.begin(), place, place + 1);
  }

  FunctionEdges with_funs(FunctionEdges edges) const {
    for (std::size_t i = 0; i < size_; ++i) {
      for (const MadeFun& fun : code_.functions[i].funs)
        edges[i].push_back(fun.function);
    }
    return edges;
  }

  bool is_left(const Functions& cycle) const {
    const FunctionSet ahead = reached_from(cycle, leads_to_);
    const FunctionSet behind = reached_from(cycle, callers_);
    for (std::size_t i = 0; i < size_; ++i) {
      if (!ahead[i]) continue;
      for (const CodeStep& step : code_.functions[i].steps) {
        if (leaves(step, behind)) return true;
      }
    }
    return false;
  }

  // `behind` leads to the cycle.
  bool leaves(const CodeStep& step, const FunctionSet& behind) const {
    if (step.kind == Kind::apply) return step.is_tail;
    if (step.kind != Kind::external_call) return false;
    const Import& call = import_of(step);
    if (call.module == code_.module) return leads_to(behind, call.function, call.arity);
    if (enters_a_loop_of_otp(call)) return true;
    const bool is_hibernation = call.function == "hibernate" && call.arity == 3;
    const bool is_apply = call.module == "erlang" && call.function == "apply";
    if (!is_hibernation && !is_apply) return false;
    const auto& module = step.arguments[0];
    if (!module) return is_hibernation || step.is_tail;
    if (*module != code_.module) return false;
    return !step.arguments[1] || leads_to(behind, *step.arguments[1], std::nullopt);
  }

  bool leads_to(const FunctionSet& set, Atom name, std::optional<unsigned> arity) const {
    for (std::size_t i = 0; i < size_; ++i) {
      const FunctionCode& function = code_.functions[i];
      if (set[i] && function.name == name && (!arity || function.arity == *arity)) return true;
    }
    return false;
  }

  const ModuleCode& code_;
  const std::size_t size_;
  const FunctionEdges calls_;
  const FunctionEdges callers_;
  const FunctionEdges leads_to_;  // by calls and funs
  const FunctionSet returns_;
  const FunctionSet ends_at_once_;
  const FunctionSet is_started_;
};

}  // namespace

std::vector<Functions> find_endless_loops(const ModuleCode& code) {
  if (!code.is_complete) return {};
  return LoopFinder(code).find();
}

}  // namespace relup::beam
