// SPDX-License-Identifier: Apache-2.0
#include "node/node_channel.hpp"

#include "term/printer.hpp"

namespace relup::node {
namespace {

constexpr std::size_t longest_reason = 500;  // bytes of a printed reason in a message

// Trying again helps where the node was away; it does not help against a wrong cookie.
ErrorCode code_of(NodeFailure failure) {
  switch (failure) {
    case NodeFailure::not_understood:
    case NodeFailure::tls_distribution:
    case NodeFailure::not_allowed:
    case NodeFailure::refused_cookie:
    case NodeFailure::wrong_node:
      return ErrorCode::usage;
    case NodeFailure::bad_answer:
    case NodeFailure::call_failed:
      return ErrorCode::bad_input;
    default:
      return ErrorCode::unavailable;
  }
}

bool is_stack_trace(const Term& term) {
  if (!term.is_proper_list()) return false;
  for (const Term& frame : *term.as_list()) {
    const Term::Elements* parts = frame.as_tuple();
    if (parts == nullptr || parts->size() != 4) return false;
  }
  return true;
}

// The crash reason inside of `{'EXIT', {Reason, Stack}}` or `{'EXIT', Reason}`.
Term crash_reason(const Term& reason) {
  if (!reason.is_tagged("EXIT", 2)) return reason;
  const Term& inner = (*reason.as_tuple())[1];
  const Term::Elements* pair = inner.as_tuple();
  if (pair == nullptr || pair->size() != 2 || !is_stack_trace((*pair)[1])) return inner;
  return (*pair)[0];
}

// True when the called function itself is missing, not one that it calls.
bool is_missing_function(const Term& reason, const std::string& call) {
  const Term::Elements* exit = reason.as_tuple();
  if (!reason.is_tagged("EXIT", 2) || !(*exit)[1].is_tagged("undef", 2)) return false;
  const Term& stack = (*(*exit)[1].as_tuple())[1];
  if (!is_stack_trace(stack) || stack.is_nil()) return false;
  const Term::Elements& frame = *stack.as_list()->front().as_tuple();
  const Atom* module = frame[0].as_atom();
  const Atom* function = frame[1].as_atom();
  const Term::Elements* arguments = frame[2].as_list();
  return module != nullptr && function != nullptr && arguments != nullptr &&
         print_function(module->name(), function->name(), arguments->size()) == call;
}

}  // namespace

NodeError::NodeError(NodeFailure failure, Delivery delivery, const std::string& message)
    : Error(code_of(failure), message), failure_(failure), delivery_(delivery) {}

NodeError call_failure(const std::string& call, const std::string& node, const Term& reason) {
  std::string message = call + " on " + node;
  if (is_missing_function(reason, call)) {
    message += " does not exist";
  } else {
    std::string printed = print(crash_reason(reason));
    if (printed.size() > longest_reason) printed = printed.substr(0, longest_reason) + "...";
    message += " failed: " + printed;
  }
  return NodeError(NodeFailure::call_failed, Delivery::answered, message).with_reason(reason);
}

}  // namespace relup::node
