// SPDX-License-Identifier: Apache-2.0
#include "websocket.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>

namespace relup::live_tests {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// The key of RFC 6455's example: these clients do not check what the server makes of it.
constexpr auto upgrade_headers =
    "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

void send_all(const Fd& socket, const std::string& bytes) {
  const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(bytes.size())) {
    throw std::system_error(errno, std::generic_category(), "send");
  }
}

// Appends what comes next.
void read_more(const Fd& socket, std::string& input, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd waiter{socket.get(), POLLIN, 0};
  if (::poll(&waiter, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0) {
    throw std::runtime_error("no answer in time");
  }
  char buffer[4096];
  const ssize_t size = ::recv(socket.get(), buffer, sizeof(buffer), 0);
  if (size < 0) throw std::system_error(errno, std::generic_category(), "recv");
  if (size == 0) throw std::runtime_error("closed");
  input.append(buffer, static_cast<std::size_t>(size));
}

// Takes `size` bytes from the front.
std::string take(std::string& input, std::size_t size) {
  std::string part = input.substr(0, size);
  input.erase(0, size);
  return part;
}

std::string receive_head(const Fd& socket, std::string& input, Clock::time_point deadline) {
  for (;;) {
    const std::size_t end = input.find("\r\n\r\n");
    if (end != std::string::npos) return take(input, end + 4);
    read_more(socket, input, deadline);
  }
}

}  // namespace

WebSocket::WebSocket(std::uint16_t port, const std::string& path)
    : socket_(connect_loopback(port)) {
  send_all(socket_, "GET " + path + " HTTP/1.1\r\nhost: test\r\n" + upgrade_headers + "\r\n");
  const std::string head = receive_head(socket_, input_, Clock::now() + 20s);
  if (!head.starts_with("HTTP/1.1 101 ")) throw std::runtime_error("no WebSocket: " + head);
}

// Masked, as a client must; with zeros.
void WebSocket::send(const std::string& text) {
  const auto length = static_cast<char>(0x80U | text.size());
  send_all(socket_, std::string("\x81") + length + std::string(4, '\0') + text);
}

std::string WebSocket::receive(std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (input_.size() < 2 || input_.size() < 2U + static_cast<unsigned char>(input_[1]))
    read_more(socket_, input_, deadline);
  const std::string head = take(input_, 2);
  std::string text = take(input_, static_cast<unsigned char>(head[1]));
  if (head[0] != '\x81') throw std::runtime_error("closed by the server");
  return text;
}

HttpRequest::HttpRequest(std::uint16_t port, const std::string& path)
    : socket_(connect_loopback(port)) {
  send_all(socket_, "GET " + path + " HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
}

std::string HttpRequest::answer(std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  const std::string head = receive_head(socket_, input_, deadline);
  if (!head.starts_with("HTTP/1.1 200 ")) throw std::runtime_error("no answer: " + head);
  const std::string key = "content-length: ";
  const std::size_t size = std::stoul(head.substr(head.find(key) + key.size()));
  while (input_.size() < size)
    read_more(socket_, input_, deadline);
  return take(input_, size);
}

SocketCrowd::SocketCrowd(std::uint16_t port, std::size_t sockets) : port_(port) {
  for (std::size_t i = 0; i < sockets; ++i)
    sockets_.push_back(std::make_unique<WebSocket>(port, "/socket"));
  thread_ = std::thread([this] { talk(); });
}

void SocketCrowd::talk() {
  while (!is_ending_) {
    const auto begin = Clock::now();
    const std::string text = "round" + std::to_string(++report_.rounds);
    ask(text);
    visit();
    for (std::size_t at = 0; at < sockets_.size(); ++at)
      receive(at, text + " " + std::to_string(report_.rounds));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    report_.longest_round = std::max(report_.longest_round, took);
    rounds_ = report_.rounds;
  }
}

void SocketCrowd::ask(const std::string& text) {
  for (auto& socket : sockets_) {
    try {
      if (socket) socket->send(text);
    } catch (const std::exception&) {
      // Why, the answer tells.
    }
  }
}

void SocketCrowd::receive(std::size_t at, const std::string& right) {
  if (!sockets_[at]) return;
  std::string why;
  try {
    const std::string answer = sockets_[at]->receive();
    if (answer == right) {
      ++report_.answered;
      return;
    }
    why = "answers " + answer + " instead of " + right;
  } catch (const std::exception& error) {
    why = error.what();
  }
  report_.lost.push_back("socket " + std::to_string(at) + " " + why);
  sockets_[at].reset();
}

void SocketCrowd::visit() {
  try {
    if (HttpRequest(port_, "/").answer() != "served") throw std::runtime_error("another answer");
  } catch (const std::exception& error) {
    report_.unserved.emplace_back(error.what());
  }
}

void SocketCrowd::go_round() {
  const std::size_t now = rounds_;
  const auto deadline = Clock::now() + 30s;
  while (rounds_ < now + 2 && Clock::now() < deadline)
    std::this_thread::sleep_for(5ms);
}

SocketCrowd::Report SocketCrowd::stop() {
  is_ending_ = true;
  if (thread_.joinable()) thread_.join();
  return report_;
}

}  // namespace relup::live_tests
