// SPDX-License-Identifier: Apache-2.0
//
// An API function seldom sends itself: it hands the message, or the receiver too, to a function
// that does. So where either is an argument, it is looked for in the calls of that function, for
// both at once, since they belong together.
//
// A request is lost where the callback of the old code looks for it, that of the new code does not,
// and that refuses what it does not look for. It is told by its shape: the atom in front and the
// size.

#include "diff/live/lost_requests.hpp"

#include <algorithm>
#include <functional>

#include "base/parallel.hpp"
#include "facts/start_effects.hpp"
#include "facts/value_search.hpp"
#include "term/printer.hpp"

namespace relup::diff {
namespace {

using beam::FlowNode;
using beam::FunctionFlow;
using beam::TupleShape;
using beam::ValueFlow;
using Kind = LiveDataChange::Kind;
using Way = LiveDataChange::Way;

constexpr unsigned deepest_call = 3;

// A value in a function.
struct Place {
  const FunctionFlow* function;
  FlowNode::Index index;
  const FlowNode& operator*() const { return function->nodes[index]; }
};

bool is_server_library(Atom module) {
  return module == "gen_server" || module == "Elixir.GenServer";
}

std::string request_text(Atom tag, std::size_t size) {
  if (size == 0) return print_atom(tag.name());
  std::string text = "{" + print_atom(tag.name());
  for (std::size_t i = 1; i < size; ++i)
    text += ", _";
  return text + "}";
}

// Empty where the message has no atom in front.
std::string request_of(const Place& message) {
  const FlowNode& node = *message;
  if (const auto atom = facts::atom_of(node)) return request_text(*atom, 0);
  if (node.kind == FlowNode::Kind::tuple && !node.parts.empty()) {
    const auto tag = facts::atom_of(message.function->nodes[node.parts.front()]);
    return tag ? request_text(*tag, node.parts.size()) : "";
  }
  const Term::Elements* constant =
      node.kind == FlowNode::Kind::term ? node.value.as_tuple() : nullptr;
  const Atom* tag =
      constant == nullptr || constant->empty() ? nullptr : constant->front().as_atom();
  return tag == nullptr ? "" : request_text(*tag, constant->size());
}

// The name in Name, {Name, Node}, {global, Name} and {via, Module, Name}.
std::optional<Atom> name_in(const Place& receiver) {
  const FlowNode& node = *receiver;
  if (const auto atom = facts::atom_of(node)) return atom;
  std::vector<std::optional<Atom>> parts;
  if (node.kind == FlowNode::Kind::tuple) {
    for (const FlowNode::Index part : node.parts)
      parts.push_back(facts::atom_of(receiver.function->nodes[part]));
  } else if (const Term::Elements* constant =
                 node.kind == FlowNode::Kind::term ? node.value.as_tuple() : nullptr) {
    for (const Term& part : *constant)
      parts.push_back(part.as_atom() == nullptr ? std::nullopt : std::optional(*part.as_atom()));
  }
  if (parts.size() == 3) return parts[0] && *parts[0] == "via" ? parts[2] : std::nullopt;
  if (parts.size() != 2) return std::nullopt;
  return parts[0] && *parts[0] == "global" ? parts[1] : parts[0];
}

using Found = std::function<void(const Place& receiver, const Place& message)>;

// What the two may be, seen through the functions of the module that hand them on.
void for_values(const ValueFlow& code, const Place& receiver, const Place& message, unsigned depth,
                const Found& found) {
  const auto is_argument = [](const Place& place) {
    return (*place).kind == FlowNode::Kind::argument;
  };
  if ((*message).kind == FlowNode::Kind::choice) {
    for (const FlowNode::Index part : (*message).parts)
      for_values(code, receiver, {message.function, part}, depth, found);
    return;
  }
  if (!is_argument(message) && !is_argument(receiver)) return found(receiver, message);
  const FunctionFlow& taker = is_argument(message) ? *message.function : *receiver.function;
  const auto given = [&](const Place& place, const FunctionFlow& giver, const FlowNode& call) {
    const bool is_given = is_argument(place) && place.function == &taker;
    return is_given ? Place{&giver, call.parts[(*place).number]} : place;
  };
  bool is_called = false;
  for (const auto& [name, giver] : code.functions) {
    for (const FlowNode::Index each : giver.calls) {
      const FlowNode& call = giver.nodes[each];
      const bool is_it = !call.module && call.function == taker.name &&
                         call.parts.size() == taker.arity && depth < deepest_call;
      if (!is_it) continue;
      is_called = true;
      for_values(code, given(receiver, giver, call), given(message, giver, call), depth + 1, found);
    }
  }
  if (!is_called && !is_argument(message)) found(receiver, message);
}

std::set<std::string> taken_by(const FunctionFlow& callback) {
  std::set<std::string> taken;
  for (const TupleShape& tuple : callback.matched)
    taken.insert(request_text(tuple.tag, tuple.size));
  for (const Atom atom : callback.compared)
    taken.insert(request_text(atom, 0));
  return taken;
}

using NamedServers = std::vector<std::pair<Atom, Atom>>;  // a name, and the module behind it

// start_link({local, Name}, Module, ...)
NamedServers named_in_erlang(const FunctionFlow& function, const FlowNode& call) {
  const auto module = facts::atom_of(function.nodes[call.parts[1]]);
  const FlowNode& naming = function.nodes[call.parts[0]];
  const Term::Elements* pair =
      naming.kind == FlowNode::Kind::term ? naming.value.as_tuple() : nullptr;
  if (!module || pair == nullptr || pair->size() != 2) return {};
  const Atom* name = pair->back().as_atom();
  return name == nullptr ? NamedServers() : NamedServers{{*name, *module}};
}

// start_link(Module, Argument, [name: Name])
NamedServers named_in_elixir(const FunctionFlow& function, const FlowNode& call) {
  const auto module = facts::atom_of(function.nodes[call.parts[0]]);
  NamedServers named;
  if (!module) return named;
  for (const Term& name : facts::names_in_options(function.nodes[call.parts[2]]))
    if (name.as_atom() != nullptr) named.emplace_back(*name.as_atom(), *module);
  return named;
}

NamedServers named_servers(const FunctionFlow& function, const FlowNode& call) {
  return *call.module == "Elixir.GenServer" ? named_in_elixir(function, call)
                                            : named_in_erlang(function, call);
}

}  // namespace

SentRequests::SentRequests(const CodePairs& pairs) {
  std::vector<std::vector<Sent>> found(pairs.all().size());
  for_each_index(found.size(),
                 [&](std::size_t index) { found[index] = sent_by(pairs.all()[index]); });
  for (auto& sent : found)
    std::move(sent.begin(), sent.end(), std::back_inserter(sent_));
  for (const CodePair& pair : pairs.all())
    take_names(pair);
}

std::vector<SentRequests::Sent> SentRequests::sent_by(const CodePair& client) {
  std::vector<Sent> sent;
  for (const auto& [name, function] : client.old_code->functions) {
    for (const FlowNode::Index index : function.calls) {
      const FlowNode& call = function.nodes[index];
      const bool is_it = call.module && call.parts.size() >= 2 && is_server_library(*call.module) &&
                         (*call.function == "call" || *call.function == "cast");
      if (!is_it) continue;
      for_values(*client.old_code, {&function, call.parts[0]}, {&function, call.parts[1]}, 0,
                 [&](const Place& receiver, const Place& message) {
                   std::string request = request_of(message);
                   if (!request.empty())
                     sent.push_back({client.change->name, call.function->name(), name_in(receiver),
                                     std::move(request)});
                 });
    }
  }
  return sent;
}

void SentRequests::take_names(const CodePair& starter) {
  for (const auto& [function_name, function] : starter.old_code->functions) {
    for (const FlowNode::Index index : function.calls) {
      const FlowNode& call = function.nodes[index];
      const bool is_it = call.module && call.function->name().starts_with("start") &&
                         call.parts.size() >= 3 && is_server_library(*call.module);
      if (!is_it) continue;
      for (const auto& [name, module] : named_servers(function, call))
        names_[name].insert(module);
    }
  }
}

// A process that is not named is taken for one of the module itself.
bool SentRequests::reaches(const Sent& sent, Atom server) const {
  if (!sent.receiver) return sent.client == server;
  const auto started = names_.find(*sent.receiver);
  if (started != names_.end())
    return started->second.size() == 1 && started->second.contains(server);
  return *sent.receiver == server || sent.client == server;
}

void SentRequests::compare(CodePair& server) const {
  compare(server, "call", "handle_call", 3);
  compare(server, "cast", "handle_cast", 2);
}

void SentRequests::compare(CodePair& server, std::string_view how, std::string_view callback,
                           unsigned arity) const {
  const FunctionFlow* before = server.old_code->find(callback, arity);
  const FunctionFlow* after = server.new_code->find(callback, arity);
  if (before == nullptr || after == nullptr || after->takes_anything) return;
  const std::set<std::string> was_taken = taken_by(*before);
  const std::set<std::string> is_taken = taken_by(*after);
  std::map<std::string, std::set<Atom>> lost;
  for (const Sent& sent : sent_) {
    const bool is_lost = sent.how == how && was_taken.contains(sent.request) &&
                         !is_taken.contains(sent.request) && reaches(sent, server.change->name);
    if (is_lost) lost[sent.request].insert(sent.client);
  }
  for (const auto& [request, clients] : lost) {
    LiveDataChange change{Kind::request, Way::up};
    change.subject = std::string(how) + " " + request;
    change.readers.assign(clients.begin(), clients.end());
    server.change->live_data.push_back(std::move(change));
  }
}

}  // namespace relup::diff
