// SPDX-License-Identifier: Apache-2.0
#include "node/agent.hpp"

#include "node/agent_module.hpp"
#include "term/printer.hpp"

namespace relup::node {
namespace {

constexpr Milliseconds quick{10'000};

void load(NodeChannel& channel, const AgentModule& module) {
  const Term answer = channel.call(
      "code", "load_binary",
      {Term::atom(module.name), Term::string("relup"), Term::binary(std::string(module.beam))},
      quick);
  if (answer.is_tagged("module", 2)) return;
  throw Error(ErrorCode::bad_input, "the node does not load relup's agent: " + print(answer));
}

}  // namespace

// The module that takes requests is loaded last, so that it is there only when all are.
Agent::Agent(NodeChannel& channel) : channel_(channel) {
  const std::vector<AgentModule>& modules = agent_modules();
  const Term first = Term::atom(modules.front().name);
  if (!channel_.call("code", "is_loaded", {first}, quick).is_atom("false")) return;
  for (auto module = modules.rbegin(); module != modules.rend(); ++module)
    load(channel_, *module);
}

Agent::~Agent() {
  try {
    if (!ask(Term::atom("is_idle"), quick).is_atom("true")) return;
    for (const AgentModule& module : agent_modules()) {
      channel_.call("code", "delete", {Term::atom(module.name)}, quick);
      channel_.call("code", "soft_purge", {Term::atom(module.name)}, quick);
    }
  } catch (const Error&) {
    // The node has gone, or restarts; so has the agent.
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
  if (answer.is_tagged("running", 2)) return Job{(*parts)[1], std::nullopt};
  return std::nullopt;
}

}  // namespace relup::node
