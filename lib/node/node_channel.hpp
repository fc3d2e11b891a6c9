// SPDX-License-Identifier: Apache-2.0
#pragma once

// A line to a live node: one function call at a time, with a deadline. It is narrow so that a test
// can cut the line wherever it likes. Every failure is a NodeError; besides what happened it says
// how far the request came, since after an install was asked for, "never sent" is harmless and
// "outcome unknown" is not. A channel is used from one thread.

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "term/term.hpp"

namespace relup::node {

// What went wrong, ordered by how near we came to an answer.
enum class NodeFailure {
  host_unreachable,  // the host's name does not resolve, or no way leads there
  no_epmd,           // nothing answers at the port of epmd
  not_registered,    // epmd does not know the node
  not_listening,     // epmd knows the node, but nothing listens at its port
  not_understood,    // what listens there does not speak the Erlang distribution
  hung_up,           // it hung up without a word: no node, or our name is just being taken
  tls_distribution,  // the node talks TLS (`-proto_dist inet_tls`)
  not_allowed,       // the node refuses us: `net_kernel:allow/1`, or protocol too old
  name_in_use,       // the node already has a connection from a node of our name
  refused_cookie,    // the cookie is wrong
  wrong_node,        // the node that answers has another name
  connection_lost,   // the connection broke; see Delivery
  no_answer,         // the deadline passed; see Delivery
  bad_answer,        // an answer that cannot be decoded
  call_failed,       // the function crashed on the node
};

// How far a request came.
enum class Delivery {
  not_sent,  // the node cannot have begun with it
  unknown,   // sent; it may be running, be done, or never have arrived
  answered,  // the node has answered
};

class NodeError : public Error {
 public:
  NodeError(NodeFailure failure, Delivery delivery, const std::string& message);

  NodeFailure failure() const { return failure_; }
  Delivery delivery() const { return delivery_; }
  // Of call_failed: the reason that `rpc` gave, i.e. Reason of `{badrpc, Reason}`.
  const Term& reason() const { return reason_; }

  NodeError& with_reason(Term reason) {
    reason_ = std::move(reason);
    return *this;
  }
  NodeError& with_hint(std::string hint) {
    Error::with_hint(std::move(hint));
    return *this;
  }
  NodeError& because_of(const Error& cause) {
    Error::because_of(cause);
    return *this;
  }

 private:
  NodeFailure failure_;
  Delivery delivery_;
  Term reason_;
};

class NodeChannel {
 public:
  NodeChannel() = default;
  NodeChannel(const NodeChannel&) = delete;
  NodeChannel& operator=(const NodeChannel&) = delete;
  virtual ~NodeChannel() = default;

  // Applies module:function to `arguments` on the node and returns its result. As with `rpc:call`
  // a thrown value is a result, and so is `{error, _}`; only a crash is an error (call_failed).
  // When `deadline` passes (no_answer) the function goes on running there, and a late answer is
  // dropped. After connection_lost every further call fails with connection_lost, not_sent: the
  // caller connects anew.
  virtual Term call(std::string_view module, std::string_view function, Term::Elements arguments,
                    Milliseconds deadline) = 0;

  // As the node calls itself, e.g. "shop@host".
  virtual const std::string& node_name() const = 0;

  // As the node calls this end of the line; no other line has the same name.
  virtual const std::string& own_name() const = 0;
};

// The error of a call that answered `{badrpc, reason}`.
NodeError call_failure(const std::string& call, const std::string& node, const Term& reason);

}  // namespace relup::node
