// SPDX-License-Identifier: Apache-2.0
//
// `lists:zipwith(fun sys:statistics/2, Pids, [get, ...])` asks one process after the other, all in
// one call. The first that does not answer ends the call with an exit that holds its pid: if it was
// too busy, it is the one we look for; if it was gone, the questions go on with the next.

#include "live/suspend_probe.hpp"

#include <algorithm>

#include "term/bit_syntax.hpp"

namespace relup::live {
namespace {

using node::NodeError;

constexpr Milliseconds patience{60'000};

struct Suspect {
  Atom module;
  Term pid;
};

// Of `{Supervisor, Name, Pid, Modules}`, as release_handler_1:get_supervised_procs/0 lists them.
std::vector<Suspect> suspects(const Term& processes, const std::vector<Atom>& modules) {
  std::vector<Suspect> found;
  if (!processes.is_proper_list()) return found;
  for (const Term& process : *processes.as_list()) {
    const Term::Elements* parts = process.as_tuple();
    if (parts == nullptr || parts->size() != 4) continue;
    for (const Atom module : (*parts)[3].atoms().value_or(std::vector<Atom>())) {
      if (std::find(modules.begin(), modules.end(), module) == modules.end()) continue;
      found.push_back({module, (*parts)[2]});
      break;
    }
  }
  return found;
}

struct Exit {
  bool is_timeout = false;
  Term pid;
};

// `{'EXIT', {Reason, {sys, statistics, [Pid, get]}}}`.
std::optional<Exit> read_exit(const Term& reason) {
  if (!reason.is_tagged("EXIT", 2)) return std::nullopt;
  const Term::Elements* pair = (*reason.as_tuple())[1].as_tuple();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[1].is_tagged("sys", 3)) return std::nullopt;
  const Term::Elements* arguments = (*(*pair)[1].as_tuple())[2].as_list();
  if (arguments == nullptr || arguments->size() != 2) return std::nullopt;
  return Exit{(*pair)[0].is_atom("timeout"), arguments->front()};
}

// The exit that ended the questions; none when all have answered or the node cannot be asked.
std::optional<Exit> ask(node::NodeChannel& channel, Term::Elements pids) {
  const Term get = Term::list(Term::Elements(pids.size(), Term::atom("get")));
  const Term question = external_fun(Atom("sys"), Atom("statistics"), 2);
  try {
    channel.call("lists", "zipwith", {question, Term::list(std::move(pids)), get}, patience);
    return std::nullopt;
  } catch (const NodeError& error) {
    if (error.failure() != node::NodeFailure::call_failed) throw;
    return read_exit(error.reason());
  }
}

}  // namespace

std::optional<std::string> find_busy_process(node::NodeChannel& channel,
                                             const std::vector<Atom>& modules) {
  if (modules.empty()) return std::nullopt;
  // Where this fails, the install itself would, in the middle.
  const Term processes = channel.call("release_handler_1", "get_supervised_procs", {}, patience);
  std::vector<Suspect> left = suspects(processes, modules);
  while (!left.empty()) {
    Term::Elements pids;
    for (const Suspect& suspect : left)
      pids.push_back(suspect.pid);
    const std::optional<Exit> exit = ask(channel, std::move(pids));
    if (!exit) return std::nullopt;
    const auto at = std::find_if(left.begin(), left.end(),
                                 [&](const Suspect& suspect) { return suspect.pid == exit->pid; });
    if (at == left.end()) return std::nullopt;
    if (exit->is_timeout) {
      const Term text = channel.call("erlang", "pid_to_list", {at->pid}, patience);
      return at->module.name() + " " + text.text().value_or("");
    }
    left.erase(left.begin(), at + 1);
  }
  return std::nullopt;
}

}  // namespace relup::live
