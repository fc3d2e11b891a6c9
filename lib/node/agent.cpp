// SPDX-License-Identifier: Apache-2.0
#include "node/agent.hpp"

// The registrar on the node (agent/relup_agent_registrar.erl) counts who uses the agent, and lets
// it go when nobody does. That may happen just when we come, so we ask to be counted first, and
// load the modules when there was nobody to ask.

#include <algorithm>
#include <thread>

#include "node/agent_module.hpp"
#include "term/printer.hpp"

namespace relup::node {
namespace {

constexpr Milliseconds quick{10'000};
constexpr Milliseconds unload_patience{10'000};  // for modules that are just going
constexpr Milliseconds short_while{5};

bool is_loaded(NodeChannel& channel, const AgentModule& module) {
  return channel.call("erlang", "module_loaded", {Term::atom(module.name)}, quick).is_atom("true");
}

Term form(std::string_view kind, Term part) {
  return tagged(kind, Term(std::int64_t{1}), std::move(part));
}

Term variable(std::string_view name) {
  return form("var", Term::atom(name));
}

// Module:Function(Variable), in the abstract format that erl_eval(3) takes.
Term call_form(std::string_view module, std::string_view function, std::string_view argument) {
  const Term line(std::int64_t{1});
  const Term name =
      tagged("remote", line, form("atom", Term::atom(module)), form("atom", Term::atom(function)));
  return tagged("call", line, name, Term::list({variable(argument)}));
}

// case code:atomic_load(Modules) of ok -> Agent:ask(Join), ok; Error -> Error end
Term expression_that_loads() {
  const Term line(std::int64_t{1});
  const Term ok = form("atom", Term::atom("ok"));
  const Term join = call_form(agent_modules().front().name, "ask", "Join");
  const Term done = tagged("clause", line, Term::list({ok}), Term(), Term::list({join, ok}));
  const Term failed = tagged("clause", line, Term::list({variable("Error")}), Term(),
                             Term::list({variable("Error")}));
  return tagged("case", line, call_form("code", "atomic_load", "Modules"),
                Term::list({done, failed}));
}

// All of them or none, and never over code that somebody still runs. Whoever loads them joins in
// the same breath: a relup that is killed in between would leave them there. So it is one call.
Term load(NodeChannel& channel) {
  Term::Elements modules;
  for (const AgentModule& module : agent_modules()) {
    modules.push_back(Term::tuple(
        {Term::atom(module.name), Term::string("relup"), Term::binary(std::string(module.beam))}));
  }
  const Term join = tagged("join", Term::atom(channel.own_name()));
  const Term bindings = Term::list({Term::tuple({Term::atom("Join"), join}),
                                    Term::tuple({Term::atom("Modules"), Term::list(modules)})});
  const Term answer = channel.call("erl_eval", "expr", {expression_that_loads(), bindings}, quick);
  return answer.is_tagged("value", 3) ? (*answer.as_tuple())[1] : answer;
}

bool says(const Term& answer, std::string_view reason) {
  if (!answer.is_tagged("error", 2)) return false;
  const Term& reasons = (*answer.as_tuple())[1];  // [{Module, What}]
  if (!reasons.is_proper_list()) return false;
  const Term::Elements& list = *reasons.as_list();
  return !list.empty() && std::all_of(list.begin(), list.end(), [&](const Term& each) {
    const Term::Elements* pair = each.as_tuple();
    return pair != nullptr && pair->size() == 2 && (*pair)[1].is_atom(reason);
  });
}

bool is_undefined(const Term& reason) {  // {'EXIT', {undef, Stack}}
  return reason.is_tagged("EXIT", 2) && (*reason.as_tuple())[1].is_tagged("undef", 2);
}

// Unless all are there: then it was the registrar that was going, and another one comes.
void load_what_is_missing(NodeChannel& channel) {
  const std::vector<AgentModule>& modules = agent_modules();
  if (std::all_of(modules.begin(), modules.end(),
                  [&](const AgentModule& module) { return is_loaded(channel, module); })) {
    return std::this_thread::sleep_for(short_while);
  }
  const Term answer = load(channel);
  if (answer.is_atom("ok")) return;
  if (!says(answer, "not_purged"))
    throw Error(ErrorCode::bad_input, "the node does not load relup's agent: " + print(answer));
  for (const AgentModule& module : modules)
    channel.call("code", "soft_purge", {Term::atom(module.name)}, quick);
  std::this_thread::sleep_for(short_while);
}

}  // namespace

Agent::Agent(NodeChannel& channel) : channel_(channel) {
  const auto deadline = std::chrono::steady_clock::now() + unload_patience;
  if (is_loaded(channel_, agent_modules().front()) && join()) return;
  while (std::chrono::steady_clock::now() < deadline) {
    load_what_is_missing(channel_);
    if (join()) return;
  }
  throw Error(ErrorCode::unavailable, "relup's agent does not stay on " + channel_.node_name());
}

bool Agent::join() {
  try {
    return ask(tagged("join", Term::atom(channel_.own_name())), quick).is_atom("ok");
  } catch (const NodeError& error) {
    if (is_undefined(error.reason())) return false;  // it is not there any more
    throw;
  }
}

Term Agent::ask(const Term& verb, Milliseconds deadline) {
  return channel_.call(agent_modules().front().name, "ask", {verb}, deadline);
}

void Agent::begin(const Term& verb) {
  if (ask(verb, quick).is_atom("ok")) return;
  throw Error(ErrorCode::unavailable, "another relup has work under way on the node")
      .with_hint("`relup status` tells what it is; wait until it is done, then try again");
}

void Agent::forget() {
  ask(Term::atom("forget"), quick);
}

std::optional<Agent::Job> Agent::job(Milliseconds patience) {
  const Term answer = ask(tagged("outcome", Term(patience.count())), quick);
  const Term::Elements* parts = answer.as_tuple();
  if (answer.is_tagged("done", 3)) return Job{(*parts)[1], (*parts)[2]};
  if (answer.is_tagged("running", 3)) {
    const std::int64_t* age = (*parts)[2].as_small_integer();
    return Job{(*parts)[1], std::nullopt, Milliseconds(age == nullptr ? 0 : *age)};
  }
  return std::nullopt;
}

}  // namespace relup::node
