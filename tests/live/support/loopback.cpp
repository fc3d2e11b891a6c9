// SPDX-License-Identifier: Apache-2.0
#include "loopback.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace relup::live_tests {
namespace {

using Clock = std::chrono::steady_clock;

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

Fd tcp_socket() {
  return Fd(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void wait_readable(const Fd& socket, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd waiter{socket.get(), POLLIN, 0};
  const auto timeout = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  if (checked(::poll(&waiter, 1, timeout), "poll") == 0)
    throw std::runtime_error("no answer in time");
}

}  // namespace

void Fd::reset() noexcept {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

std::uint16_t free_port() {
  const Fd socket = tcp_socket();
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  checked(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size), "bind");
  checked(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return ntohs(address.sin_port);
}

Fd connect_loopback(std::uint16_t port) {
  Fd socket = tcp_socket();
  const sockaddr_in address = loopback(port);
  checked(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
          "connect");
  return socket;
}

bool accepts_connections(std::uint16_t port) {
  const Fd socket = tcp_socket();
  const sockaddr_in address = loopback(port);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

std::string Connection::ask(const std::string& line, std::chrono::milliseconds patience) {
  send(line);
  return receive(patience);
}

void Connection::send(const std::string& line) {
  const std::string request = line + '\n';
  if (::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    throw std::system_error(errno, std::generic_category(), "send");
  }
}

std::string Connection::receive(std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (input_.find('\n') == std::string::npos) {
    wait_readable(socket_, deadline);
    char buffer[1024];
    const ssize_t size = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (size == 0) throw std::runtime_error("connection closed before an answer");
    input_.append(buffer, static_cast<std::size_t>(checked(static_cast<int>(size), "recv")));
  }
  const std::size_t end = input_.find('\n');
  const std::string answer = input_.substr(0, end);
  input_.erase(0, end + 1);
  return answer;
}

}  // namespace relup::live_tests
