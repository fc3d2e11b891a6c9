// SPDX-License-Identifier: Apache-2.0
#include "diff/live/lost_requests.hpp"

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

std::string request_text(Atom tag, std::size_t size) {
  if (size == 0) return print_atom(tag.name());
  std::string text = "{" + print_atom(tag.name());
  for (std::size_t i = 1; i < size; ++i)
    text += ", _";
  return text + "}";
}

// What functions of the module send to its own processes.
std::set<std::string> sent_by(const ValueFlow& code, std::string_view how) {
  std::set<std::string> sent;
  for (const auto& [name, function] : code.functions) {
    for (const FlowNode::Index index : function.calls) {
      const FlowNode& call = function.nodes[index];
      const bool is_it = call.module && call.parts.size() >= 2 && *call.function == how &&
                         (*call.module == "gen_server" || *call.module == "Elixir.GenServer");
      if (!is_it) continue;
      const FlowNode& message = function.nodes[call.parts[1]];
      const Term::Elements* constant =
          message.kind == FlowNode::Kind::term ? message.value.as_tuple() : nullptr;
      std::optional<Atom> tag = facts::atom_of(message);
      std::size_t size = 0;
      if (message.kind == FlowNode::Kind::tuple && !message.parts.empty()) {
        tag = facts::atom_of(function.nodes[message.parts.front()]);
        size = message.parts.size();
      } else if (constant != nullptr && !constant->empty()) {
        const Atom* first = constant->front().as_atom();
        tag = first == nullptr ? std::nullopt : std::optional(*first);
        size = constant->size();
      }
      if (tag) sent.insert(request_text(*tag, size));
    }
  }
  return sent;
}

std::set<std::string> taken_by(const FunctionFlow& callback) {
  std::set<std::string> taken;
  for (const TupleShape& tuple : callback.matched)
    taken.insert(request_text(tuple.tag, tuple.size));
  for (const Atom atom : callback.compared)
    taken.insert(request_text(atom, 0));
  return taken;
}

void compare_requests(CodePair& pair, std::string_view how, std::string_view callback,
                      unsigned arity) {
  const FunctionFlow* before = pair.old_code->find(callback, arity);
  const FunctionFlow* after = pair.new_code->find(callback, arity);
  if (before == nullptr || after == nullptr || after->takes_anything) return;
  const std::set<std::string> was_taken = taken_by(*before);
  const std::set<std::string> is_taken = taken_by(*after);
  for (const std::string& request : sent_by(*pair.old_code, how)) {
    if (!was_taken.contains(request) || is_taken.contains(request)) continue;
    LiveDataChange change{Kind::request, Way::up};
    change.subject = std::string(how) + " " + request;
    pair.change->live_data.push_back(std::move(change));
  }
}

}  // namespace

void compare_requests(CodePair& pair) {
  compare_requests(pair, "call", "handle_call", 3);
  compare_requests(pair, "cast", "handle_cast", 2);
}

}  // namespace relup::diff
