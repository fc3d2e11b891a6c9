// SPDX-License-Identifier: Apache-2.0
#include "node/agent.hpp"

#include "node/agent_module.hpp"
#include "term/printer.hpp"

namespace relup::node {
namespace {

constexpr Milliseconds quick{10'000};
constexpr Milliseconds one_wait{2'000};

Term agent_name() {
  return Term::atom(agent_module().name);
}

}  // namespace

Agent::Agent(NodeChannel& channel) : channel_(channel) {
  const Term loaded = channel_.call("code", "is_loaded", {agent_name()}, quick);
  if (!loaded.is_atom("false")) return;
  const Term answer = channel_.call(
      "code", "load_binary",
      {agent_name(), Term::string("relup"), Term::binary(std::string(agent_module().beam))}, quick);
  if (answer.is_tagged("module", 2)) return;
  throw Error(ErrorCode::bad_input, "the node does not load relup's agent: " + print(answer));
}

Agent::~Agent() {
  try {
    if (!ask(Term::atom("leave"), quick).is_atom("ok")) return;
    channel_.call("code", "delete", {agent_name()}, quick);
    channel_.call("code", "soft_purge", {agent_name()}, quick);
  } catch (const Error&) {
    // The node has gone, or restarts; so has the module.
  }
}

Term Agent::ask(const Term& verb, Milliseconds deadline) {
  return channel_.call(agent_module().name, "ask", {verb}, deadline);
}

Term Agent::run(const Term& verb, Milliseconds patience) {
  const Term begun = ask(verb, quick);
  if (!begun.is_atom("ok")) {
    throw Error(ErrorCode::unavailable,
                "relup's agent on the node has another job: " + print(begun))
        .with_hint("wait until the other relup is done, then try again");
  }
  return take_outcome(patience);
}

// In short waits, so that the node's ticks are answered in between.
Term Agent::take_outcome(Milliseconds patience) {
  const Term verb = Term::tuple({Term::atom("outcome"), Term(one_wait.count())});
  for (Milliseconds waited{0}; waited < patience; waited += one_wait) {
    const Term answer = ask(verb, quick);
    if (answer.is_tagged("done", 2)) return (*answer.as_tuple())[1];
    if (!answer.is_atom("running")) {
      throw Error(ErrorCode::bad_input, "the job of relup's agent is lost: " + print(answer));
    }
  }
  throw Error(ErrorCode::unavailable, "the job of relup's agent is not done yet");
}

}  // namespace relup::node
