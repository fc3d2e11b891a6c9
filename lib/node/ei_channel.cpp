// SPDX-License-Identifier: Apache-2.0
#include "node/ei_channel.hpp"

// `ei_rpc` matches no answer to its question, so after a timeout the next call would get the late
// answer of the one before. Hence we speak to `rex` as gen_server:call does: the request is
// {'$gen_call', {OurPid, Ref}, {call, M, F, A, GroupLeader}}, the answer {Ref, Result}, and answers
// with another reference are dropped. A reference counts up within a connection.
//
// A receive that times out inside of a message would leave the stream in the middle of it, so we
// first wait for something to read and then receive with the same deadline; a receive that fails
// ends the connection.

#include <mutex>
#include <optional>
#include <random>

#include <ei.h>

#include "node/ei_transport.hpp"
#include "node/epmd.hpp"
#include "term/external.hpp"
#include "term/external_tags.hpp"
#include "term/printer.hpp"

namespace relup::node {
namespace {

constexpr std::size_t largest_message = 1U << 30U;             // bytes; `ei` counts them in an int
constexpr std::uint32_t largest_first_word = (1U << 18U) - 1;  // of a reference

Deadline after(Milliseconds duration) {
  return std::chrono::steady_clock::now() + duration;
}

std::string seconds(Milliseconds duration) {
  const auto count = duration.count();
  if (count % 1000 == 0) return std::to_string(count / 1000) + " s";
  return std::to_string(count) + " ms";
}

std::uint32_t random_word() {
  static thread_local std::random_device source;
  return source();
}

void append_word(std::string& bytes, std::uint32_t word) {
  for (unsigned shift = 32; shift > 0; shift -= 8)
    bytes += static_cast<char>((word >> (shift - 8)) & 0xFFU);
}

// Our identity on the wire: names of pids and references.
class Identity {
 public:
  Identity(const std::string& node, std::uint32_t creation)
      : creation_(creation), salt_(random_word()) {
    node_ = encode_external(Term::atom(node)).substr(1);
  }

  std::uint32_t creation() const { return creation_; }

  Term pid() const {
    std::string bytes(1, static_cast<char>(tag_new_pid));
    bytes += node_;
    append_word(bytes, 1);
    append_word(bytes, 0);
    append_word(bytes, creation_);
    return Term::opaque(Term::OpaqueKind::pid, bytes);
  }

  Term next_reference() {
    ++counter_;
    std::string bytes(1, static_cast<char>(tag_newer_reference));
    bytes += std::string("\0\3", 2);
    bytes += node_;
    append_word(bytes, creation_);
    append_word(bytes, static_cast<std::uint32_t>(counter_) & largest_first_word);
    append_word(bytes, static_cast<std::uint32_t>(counter_ >> 18U));
    append_word(bytes, salt_);
    return Term::opaque(Term::OpaqueKind::reference, bytes);
  }

 private:
  std::string node_;
  std::uint32_t creation_;
  std::uint32_t salt_;
  std::uint64_t counter_ = 0;
};

// Nodes write the atom inside of a reference in their own way; the words at the end are the same.
bool same_reference(const Term& left, const Term& right) {
  constexpr std::size_t words = 16;
  const auto* first = left.as_opaque();
  const auto* second = right.as_opaque();
  if (first == nullptr || second == nullptr || first->first != second->first) return false;
  if (first->second.size() < words || second->second.size() < words) return false;
  return first->second.substr(first->second.size() - words) ==
         second->second.substr(second->second.size() - words);
}

// A buffer that `ei` lets grow.
class ReceiveBuffer {
 public:
  ReceiveBuffer() { ei_x_new(&buffer_); }
  ReceiveBuffer(const ReceiveBuffer&) = delete;
  ReceiveBuffer& operator=(const ReceiveBuffer&) = delete;
  ~ReceiveBuffer() { ei_x_free(&buffer_); }
  ei_x_buff* get() { return &buffer_; }
  std::string_view bytes() const {
    return {buffer_.buff, static_cast<std::size_t>(buffer_.buffsz)};
  }

 private:
  ei_x_buff buffer_{};
};

struct Request {
  std::string call;  // "m:f/1", for messages
  Term reference;
  Milliseconds time{};  // what it was given
  Deadline deadline;
};

class EiChannel final : public NodeChannel {
 public:
  EiChannel(const std::string& own_name, const NodeAddress& address,
            std::unique_ptr<TcpConnection> connection);
  EiChannel(const EiChannel&) = delete;
  EiChannel& operator=(const EiChannel&) = delete;
  ~EiChannel() override { close(); }

  // Shakes hands and checks that the node which answers is `address.name`.
  void open(Deadline deadline);

  Term call(std::string_view module, std::string_view function, Term::Elements arguments,
            Milliseconds time) override;
  const std::string& node_name() const override { return node_name_; }
  const std::string& own_name() const override { return own_name_; }

 private:
  void handshake(Deadline deadline);
  void introduce(Deadline deadline);
  void drop_what_waits(const Request& request);
  void send(const Request& request, const Term& message);
  Term answer(const Request& request);
  enum class Received { message, nothing };
  Received receive(const Request& request, Delivery delivery);
  Term decode(const Request& request) const;
  void close();
  [[noreturn]] void lost(const Request& request, Delivery delivery);
  [[noreturn]] void late(const Request& request, Delivery delivery);

  EiTransport transport_;
  ei_cnode own_{};
  Identity identity_;
  Term group_leader_;
  ReceiveBuffer buffer_;
  std::string own_name_;
  std::string node_name_;
  int descriptor_ = -1;  // as `ei` knows the connection; -1 when it is closed
};

void initialise_ei() {
  static std::once_flag once;
  std::call_once(once, [] { ei_init(); });
}

EiChannel::EiChannel(const std::string& own_name, const NodeAddress& address,
                     std::unique_ptr<TcpConnection> connection)
    : transport_(std::move(connection)),
      identity_(own_name, random_word() | 0x100U),
      group_leader_(identity_.pid()),
      own_name_(own_name),
      node_name_(address.name) {
  initialise_ei();
  const std::string alive = alive_part(own_name);
  const std::string host = own_name.substr(alive.size() + 1);
  const std::string& cookie = address.cookie.reveal();
  in_addr unused{};
  const bool fits =
      !cookie.empty() && cookie.size() <= EI_MAX_COOKIE_SIZE && own_name.size() < MAXNODELEN;
  if (!fits || ei_connect_xinit_ussi(&own_, host.c_str(), alive.c_str(), own_name.c_str(), &unused,
                                     cookie.c_str(), identity_.creation(), EiTransport::callbacks(),
                                     sizeof(ei_socket_callbacks), &transport_) < 0) {
    throw Error(ErrorCode::usage,
                "the cookie must have 1 to " + std::to_string(EI_MAX_COOKIE_SIZE) +
                    " bytes, and the host name must fit into a node name: " + own_name);
  }
}

void EiChannel::open(Deadline deadline) {
  handshake(deadline);
  introduce(deadline);
}

std::string handshake_message(NodeFailure failure, const std::string& node) {
  switch (failure) {
    case NodeFailure::refused_cookie:
      return node + " refuses the cookie";
    case NodeFailure::tls_distribution:
      return node + " talks TLS to other nodes (-proto_dist inet_tls)";
    case NodeFailure::name_in_use:
      return node + " already has a connection from a node of our name";
    case NodeFailure::not_allowed:
      return node + " does not allow our node to connect";
    case NodeFailure::no_answer:
      return node + " lets us connect but does not answer";
    case NodeFailure::hung_up:
      return "what listens at the port of " + node + " hangs up without a word; is it a node?";
    case NodeFailure::connection_lost:
      return node + " broke off the handshake";
    default:
      return "what listens at the port of " + node + " does not speak the Erlang distribution";
  }
}

std::string handshake_hint(NodeFailure failure, const NodeAddress& address) {
  switch (failure) {
    case NodeFailure::refused_cookie:
      return "the cookie came from " + address.cookie_origin +
             "; name the file with the right one with --cookie-file";
    case NodeFailure::tls_distribution:
      return "relup cannot join a TLS distribution";
    case NodeFailure::not_allowed:
      return "net_kernel:allow/1 on the node must include nodes named relup-*";
    case NodeFailure::no_answer:
      return "is the node stopped or overloaded?";
    default:
      return "";
  }
}

void EiChannel::handshake(Deadline deadline) {
  transport_.set_deadline(deadline);
  std::string loopback = "127.0.0.1";  // `ei` wants an address; the transport is connected already
  descriptor_ = ei_connect_host_port_tmo(&own_, loopback.data(), 1, 0);
  if (descriptor_ >= 0) return;
  const NodeFailure failure = diagnose_handshake(transport_.first_bytes(), transport_.timed_out());
  throw NodeError(failure, Delivery::not_sent, handshake_message(failure, node_name_));
}

// Checks which node answered, and finds the process that called functions may print to.
void EiChannel::introduce(Deadline deadline) {
  const auto left = [deadline] {
    return std::max(Milliseconds(1), std::chrono::duration_cast<Milliseconds>(
                                         deadline - std::chrono::steady_clock::now()));
  };
  const Term name = call("erlang", "node", {}, left());
  if (name.as_atom() == nullptr || alive_part(name.as_atom()->name()) != alive_part(node_name_)) {
    throw NodeError(NodeFailure::wrong_node, Delivery::not_sent,
                    "expected the node " + node_name_ + ", found another one" +
                        (name.as_atom() == nullptr ? "" : ", " + name.as_atom()->name()));
  }
  node_name_ = name.as_atom()->name();
  const Term user = call("erlang", "whereis", {Term::atom("user")}, left());
  if (user.as_opaque() != nullptr) group_leader_ = user;
}

Term EiChannel::call(std::string_view module, std::string_view function, Term::Elements arguments,
                     Milliseconds time) {
  const Request request{.call = print_function(module, function, arguments.size()),
                        .reference = identity_.next_reference(),
                        .time = time,
                        .deadline = after(time)};
  const Term message = tagged("$gen_call", Term::tuple({identity_.pid(), request.reference}),
                              tagged("call", Term::atom(module), Term::atom(function),
                                     Term::list(std::move(arguments)), group_leader_));
  drop_what_waits(request);
  send(request, message);
  Term result = answer(request);
  if (result.is_tagged("badrpc", 2)) {
    throw call_failure(request.call, node_name_, (*result.as_tuple())[1]);
  }
  return result;
}

// Late answers and ticks of the time since the last call, or the end of the connection.
void EiChannel::drop_what_waits(const Request& request) {
  if (descriptor_ < 0) lost(request, Delivery::not_sent);
  transport_.set_deadline(request.deadline);
  while (descriptor_ >= 0 && transport_.connection().wait_readable(after(Milliseconds(0))))
    receive(request, Delivery::not_sent);
}

void EiChannel::send(const Request& request, const Term& message) {
  std::string bytes = encode_external(message);
  if (bytes.size() > largest_message) {
    throw Error(ErrorCode::bug, request.call + ": a call of " + std::to_string(bytes.size()) +
                                    " bytes is too large");
  }
  std::string server = "rex";
  erlang_pid self = *ei_self(&own_);
  self.num = 1;
  const int sent = ei_send_reg_encoded_tmo(descriptor_, &self, server.data(), bytes.data(),
                                           static_cast<int>(bytes.size()), 0);
  if (sent >= 0) return;
  // Part of a message may be on its way; the node drops it, and the stream cannot be used again.
  const bool timed_out = transport_.timed_out();
  close();
  if (timed_out) late(request, Delivery::not_sent);
  lost(request, Delivery::not_sent);
}

Term EiChannel::answer(const Request& request) {
  while (transport_.connection().wait_readable(request.deadline)) {
    if (receive(request, Delivery::unknown) == Received::nothing) continue;
    const Term message = decode(request);
    const Term::Elements* pair = message.as_tuple();
    if (pair != nullptr && pair->size() == 2 && same_reference((*pair)[0], request.reference)) {
      return (*pair)[1];
    }
  }
  late(request, Delivery::unknown);
}

// Fills the buffer with a message, or meets what is none: a tick, a broken link.
EiChannel::Received EiChannel::receive(const Request& request, Delivery delivery) {
  erlang_msg about{};
  const int kind = ei_xreceive_msg_tmo(descriptor_, &about, buffer_.get(), 0);
  if (kind == ERL_TICK) return Received::nothing;
  if (kind != ERL_MSG) {
    const bool timed_out = transport_.timed_out();
    close();
    if (timed_out) late(request, delivery);
    lost(request, delivery);
  }
  const bool sent_to_us = about.msgtype == ERL_SEND || about.msgtype == ERL_REG_SEND;
  return sent_to_us ? Received::message : Received::nothing;
}

Term EiChannel::decode(const Request& request) const {
  try {
    std::string_view bytes = buffer_.bytes();
    return take_external(bytes);
  } catch (const Error& error) {
    throw NodeError(NodeFailure::bad_answer, Delivery::answered,
                    "cannot decode what " + node_name_ + " answered to " + request.call)
        .because_of(error);
  }
}

void EiChannel::close() {
  if (descriptor_ >= 0) ei_close_connection(descriptor_);
  descriptor_ = -1;
}

void EiChannel::lost(const Request& request, Delivery delivery) {
  throw NodeError(
      NodeFailure::connection_lost, delivery,
      "the connection to " + node_name_ + " is lost; " + request.call +
          (delivery == Delivery::not_sent ? " was not sent" : " was sent, its outcome is unknown"));
}

void EiChannel::late(const Request& request, Delivery delivery) {
  throw NodeError(NodeFailure::no_answer, delivery,
                  request.call + " on " + node_name_ + ": no answer within " +
                      seconds(request.time) +
                      (delivery == Delivery::not_sent ? "; it was not sent"
                                                      : "; it may still be running there"));
}

std::unique_ptr<TcpConnection> connect_port(const std::string& host, const NodeAddress& address,
                                            Deadline deadline) {
  const bool fixed = address.distribution_port.has_value();
  const std::uint16_t port =
      fixed ? *address.distribution_port
            : ask_node_port({host, address.epmd_port}, alive_part(address.name), deadline);
  ConnectResult result = connect_tcp(host, port, deadline);
  if (result.status == ConnectStatus::connected) return std::move(result.connection);
  const bool unresolved = result.status == ConnectStatus::unresolved;
  const bool refused = result.status == ConnectStatus::refused;
  throw NodeError(refused ? NodeFailure::not_listening : NodeFailure::host_unreachable,
                  Delivery::not_sent,
                  unresolved ? "host " + host + " has no address: " + result.detail
                             : "cannot connect to " + address.name + " at " + host + ":" +
                                   std::to_string(port) + ": " + result.detail);
}

std::unique_ptr<NodeChannel> connect_host(const std::string& host, const NodeAddress& address,
                                          const std::string& own_name, Deadline deadline) {
  std::unique_ptr<TcpConnection> connection = connect_port(host, address, deadline);
  // We take the host part of the node's name, which its kind of names allows; otherwise it would
  // log an error when it has a late answer for us after we are gone.
  const std::size_t at = address.name.find('@');
  const std::string host_suffix = at == std::string::npos ? "@" + host : address.name.substr(at);
  try {
    auto channel =
        std::make_unique<EiChannel>(own_name + host_suffix, address, std::move(connection));
    channel->open(deadline);
    return channel;
  } catch (const NodeError& error) {
    // Nothing but questions was asked while connecting.
    NodeError told(error.failure(), Delivery::not_sent, error.message());
    const std::string hint = handshake_hint(error.failure(), address);
    if (!hint.empty()) told.with_hint(hint);
    throw told;
  }
}

// A name stays an atom of the node for ever, and so do the tables that hold it. Hence lines take
// the first of a few names that the node has no other line from now, and is not about to have.
std::unique_ptr<NodeChannel> connect_by_a_name(const std::string& host, const NodeAddress& address,
                                               const std::string& wanted, Deadline deadline) {
  constexpr int most_names = 64;
  if (!wanted.empty()) return connect_host(host, address, wanted, deadline);
  for (int number = 1;; ++number) {
    try {
      return connect_host(host, address, "relup-" + std::to_string(number), deadline);
    } catch (const NodeError& error) {
      const bool other_name_helps =
          error.failure() == NodeFailure::name_in_use || error.failure() == NodeFailure::hung_up;
      if (!other_name_helps || number == most_names) throw;
    }
  }
}

}  // namespace

std::unique_ptr<NodeChannel> connect_node(const NodeAddress& address,
                                          const ConnectOptions& options) {
  const Deadline end = after(options.deadline);
  std::optional<NodeError> nearest;  // the failure that came nearest to an answer
  for (std::size_t i = 0; i < address.hosts.size(); ++i) {
    const auto now = std::chrono::steady_clock::now();
    const Deadline deadline =
        now + (end - now) / static_cast<std::int64_t>(address.hosts.size() - i);
    try {
      return connect_by_a_name(address.hosts[i], address, options.own_name, deadline);
    } catch (const NodeError& error) {
      // Another host is no help once the node itself has spoken.
      if (error.failure() > NodeFailure::not_listening) throw;
      if (!nearest || error.failure() > nearest->failure()) nearest = error;
    }
  }
  if (nearest && address.is_in_other_network) {
    nearest->with_hint("process " + address.pid + " runs the node in a network of its own, as a " +
                       "container does: `nsenter --target " + address.pid +
                       " --net relup ...` works there");
  }
  if (nearest) throw *nearest;
  throw Error(ErrorCode::usage, "no host is known for the node " + address.name);
}

}  // namespace relup::node
