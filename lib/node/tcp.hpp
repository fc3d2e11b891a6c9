// SPDX-License-Identifier: Apache-2.0
#pragma once

// A TCP connection where everything has a deadline and a vanished peer is a status, never a signal.
// Opening one reports why it did not work as a value, since the reason is what a diagnosis is made
// of. Nothing here throws.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct iovec;

namespace relup::node {

using Deadline = std::chrono::steady_clock::time_point;

enum class ConnectStatus { connected, unresolved, refused, unreachable };

class TcpConnection {
 public:
  // Takes over an open socket.
  explicit TcpConnection(int descriptor) : descriptor_(descriptor) {}
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;
  ~TcpConnection() { close(); }

  int descriptor() const { return descriptor_; }
  void close();

  // Waits until there is something to read, or the peer has closed. False when time is up.
  bool wait_readable(Deadline deadline) const;

  // Both move at least one byte and return 0, or return an errno (ETIMEDOUT when time is up);
  // `count` is the number of bytes moved. Reading 0 bytes means that the peer has closed.
  int read_some(char* buffer, std::size_t size, Deadline deadline, std::size_t& count) const;
  int write_some(const iovec* parts, std::size_t part_count, Deadline deadline,
                 std::size_t& count) const;

  // All of `bytes`, or an errno.
  int write_all(std::string_view bytes, Deadline deadline) const;
  // What the peer sends until it closes, at most `limit` bytes; or an errno.
  int read_to_end(std::string& bytes, std::size_t limit, Deadline deadline) const;

 private:
  bool wait(short events, Deadline deadline) const;

  int descriptor_;
};

struct ConnectResult {
  ConnectStatus status = ConnectStatus::unreachable;
  std::string detail;                         // the system's words, when not connected
  std::unique_ptr<TcpConnection> connection;  // when connected
};

// Tries every address that `host` resolves to. Resolving has the deadline of the system's resolver.
ConnectResult connect_tcp(const std::string& host, std::uint16_t port, Deadline deadline);

}  // namespace relup::node
