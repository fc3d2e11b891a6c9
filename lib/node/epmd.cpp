// SPDX-License-Identifier: Apache-2.0
#include "node/epmd.hpp"

// A request is its length (two bytes, big-endian), a code and its text; epmd answers and closes.
// PORT2_RESP is 119, a result (0: found) and, when found, the port and more that we do not need.
// NAMES_RESP is four bytes, then lines "name shop at port 40123".

#include <cerrno>
#include <cstring>

#include "base/words.hpp"
#include "node/node_channel.hpp"

namespace relup::node {
namespace {

constexpr char port_please_request = 122;
constexpr char port_response = 119;
constexpr char names_request = 110;
constexpr std::size_t longest_answer = 256U << 10U;

std::string place_of(const Epmd& epmd) {
  return epmd.host + ":" + std::to_string(epmd.port);
}

NodeError no_epmd(const Epmd& epmd, const std::string& what) {
  NodeError error(NodeFailure::no_epmd, Delivery::not_sent,
                  "no epmd at " + place_of(epmd) + ": " + what);
  error.with_hint(
      "epmd runs while a distributed node runs on that host: is the node up, with -sname or -name? "
      "If its epmd has another port, set ERL_EPMD_PORT");
  return error;
}

std::unique_ptr<TcpConnection> connect(const Epmd& epmd, Deadline deadline) {
  ConnectResult result = connect_tcp(epmd.host, epmd.port, deadline);
  switch (result.status) {
    case ConnectStatus::connected:
      return std::move(result.connection);
    case ConnectStatus::refused:
      throw no_epmd(epmd, result.detail);
    case ConnectStatus::unresolved:
      throw NodeError(NodeFailure::host_unreachable, Delivery::not_sent,
                      "host " + epmd.host + " has no address: " + result.detail);
    case ConnectStatus::unreachable:
      break;
  }
  throw NodeError(NodeFailure::host_unreachable, Delivery::not_sent,
                  "cannot connect to epmd at " + place_of(epmd) + ": " + result.detail);
}

// The whole answer, or the part that came before something failed.
std::string ask(const Epmd& epmd, char code, const std::string& text, Deadline deadline,
                int& failure) {
  const std::unique_ptr<TcpConnection> connection = connect(epmd, deadline);
  const std::size_t length = text.size() + 1;
  std::string request;
  request += static_cast<char>((length >> 8U) & 0xFFU);
  request += static_cast<char>(length & 0xFFU);
  request += code;
  request += text;
  std::string answer;
  failure = connection->write_all(request, deadline);
  if (failure == 0) failure = connection->read_to_end(answer, longest_answer, deadline);
  return answer;
}

NodeError not_registered(const Epmd& epmd, const std::string& alive, Deadline deadline) {
  const std::string names = joined(ask_node_names(epmd, deadline));
  NodeError error(NodeFailure::not_registered, Delivery::not_sent,
                  "epmd at " + place_of(epmd) + " knows no node \"" + alive + "\"; it knows " +
                      (names.empty() ? "none" : names));
  error.with_hint("start the node, or name another one with --node");
  return error;
}

unsigned byte_at(const std::string& text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

}  // namespace

std::uint16_t ask_node_port(const Epmd& epmd, const std::string& alive, Deadline deadline) {
  int failure = 0;
  const std::string answer = ask(epmd, port_please_request, alive, deadline, failure);
  const bool understood = answer.size() >= 2 && answer[0] == port_response;
  if (understood && answer[1] != 0) throw not_registered(epmd, alive, deadline);
  if (!understood || answer.size() < 4) {
    throw no_epmd(
        epmd, failure != 0 ? std::strerror(failure) : "what answers there is no answer of epmd");
  }
  return static_cast<std::uint16_t>((byte_at(answer, 2) << 8U) | byte_at(answer, 3));
}

std::vector<std::string> ask_node_names(const Epmd& epmd, Deadline deadline) {
  int failure = 0;
  const std::string answer = ask(epmd, names_request, "", deadline, failure);
  std::vector<std::string> names;
  std::size_t line = 4;
  while (line < answer.size()) {
    const std::size_t end = std::min(answer.find('\n', line), answer.size());
    const std::string text = answer.substr(line, end - line);
    const std::size_t at = text.find(" at port ");
    if (text.starts_with("name ") && at != std::string::npos)
      names.push_back(text.substr(5, at - 5));
    line = end + 1;
  }
  return names;
}

}  // namespace relup::node
