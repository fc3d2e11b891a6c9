// SPDX-License-Identifier: Apache-2.0
#include "node/tcp.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace relup::node {
namespace {

constexpr std::int64_t longest_poll = 3'600'000;  // ms; callers wait again until their deadline

// Milliseconds for poll(2), rounded up so that it does not wake up too early.
int poll_time(Deadline deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, longest_poll));
}

bool is_past(Deadline deadline) {
  return std::chrono::steady_clock::now() >= deadline;
}

int wait_connected(int descriptor, Deadline deadline) {
  pollfd waiting{descriptor, POLLOUT, 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, poll_time(deadline));
  } while ((ready < 0 && errno == EINTR) || (ready == 0 && !is_past(deadline)));
  if (ready < 0) return errno;
  if (ready == 0) return ETIMEDOUT;
  int failure = 0;
  socklen_t size = sizeof(failure);
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno;
}

void make_blocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
}

// An errno, or 0 with a connection.
int connect_address(const addrinfo& address, Deadline deadline,
                    std::unique_ptr<TcpConnection>& connection) {
  const int descriptor = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return errno;
  auto opened = std::make_unique<TcpConnection>(descriptor);
  if (::connect(descriptor, address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return errno;
    if (const int failure = wait_connected(descriptor, deadline)) return failure;
  }
  make_blocking(descriptor);
  const int yes = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  connection = std::move(opened);
  return 0;
}

}  // namespace

void TcpConnection::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

bool TcpConnection::wait(short events, Deadline deadline) const {
  pollfd waiting{descriptor_, events, 0};
  while (true) {
    const int ready = ::poll(&waiting, 1, poll_time(deadline));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // the next read or write will tell
    if (is_past(deadline)) return false;
  }
}

bool TcpConnection::wait_readable(Deadline deadline) const {
  return wait(POLLIN, deadline);
}

int TcpConnection::read_some(char* buffer, std::size_t size, Deadline deadline,
                             std::size_t& count) const {
  while (true) {
    if (!wait(POLLIN, deadline)) return ETIMEDOUT;
    const ssize_t moved = ::recv(descriptor_, buffer, size, MSG_DONTWAIT);
    if (moved >= 0) {
      count = static_cast<std::size_t>(moved);
      return 0;
    }
    if (errno != EINTR && errno != EAGAIN) return errno;
  }
}

int TcpConnection::write_some(const iovec* parts, std::size_t part_count, Deadline deadline,
                              std::size_t& count) const {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts);
  message.msg_iovlen = part_count;
  while (true) {
    if (!wait(POLLOUT, deadline)) return ETIMEDOUT;
    const ssize_t moved = ::sendmsg(descriptor_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (moved >= 0) {
      count = static_cast<std::size_t>(moved);
      return 0;
    }
    if (errno != EINTR && errno != EAGAIN) return errno;
  }
}

int TcpConnection::write_all(std::string_view bytes, Deadline deadline) const {
  while (!bytes.empty()) {
    const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    std::size_t count = 0;
    if (const int failure = write_some(&part, 1, deadline, count)) return failure;
    bytes.remove_prefix(count);
  }
  return 0;
}

int TcpConnection::read_to_end(std::string& bytes, std::size_t limit, Deadline deadline) const {
  std::array<char, 4096> buffer;
  while (bytes.size() < limit) {
    std::size_t count = 0;
    const std::size_t room = std::min(buffer.size(), limit - bytes.size());
    if (const int failure = read_some(buffer.data(), room, deadline, count)) return failure;
    if (count == 0) return 0;
    bytes.append(buffer.data(), count);
  }
  return 0;
}

ConnectResult connect_tcp(const std::string& host, std::uint16_t port, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int unresolved = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (unresolved != 0) return {ConnectStatus::unresolved, ::gai_strerror(unresolved), nullptr};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> closer(found, ::freeaddrinfo);
  ConnectResult result;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int failure = connect_address(*address, deadline, result.connection);
    if (failure == 0) {
      result.status = ConnectStatus::connected;
      return result;
    }
    // One address that refuses says more than another one that cannot be reached.
    if (result.status == ConnectStatus::refused) continue;
    result.status = failure == ECONNREFUSED ? ConnectStatus::refused : ConnectStatus::unreachable;
    result.detail = std::strerror(failure);
  }
  return result;
}

}  // namespace relup::node
