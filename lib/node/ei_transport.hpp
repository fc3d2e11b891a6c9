// SPDX-License-Identifier: Apache-2.0
#pragma once

// The socket under `ei`. Instead of letting `ei` open one, we hand it an open connection through
// its socket callbacks ("User Supplied Socket Implementation" in the manual of ei_connect). That
// gives one deadline over many reads, no SIGPIPE, IPv6, and a record of the first bytes that came
// back, from which `diagnose_handshake` tells why a node hung up on us; `ei` itself says only EIO.

#include <memory>
#include <string>

#include <ei.h>

#include "node/node_channel.hpp"
#include "node/tcp.hpp"

namespace relup::node {

class EiTransport {
 public:
  explicit EiTransport(std::unique_ptr<TcpConnection> connection)
      : connection_(std::move(connection)) {}

  // What `ei_connect_xinit_ussi` wants, together with a transport as setup context, which must live
  // as long as the connection.
  static ei_socket_callbacks* callbacks();

  // Of every read and write from now on, whatever `ei` asks for.
  void set_deadline(Deadline deadline) {
    deadline_ = deadline;
    timed_out_ = false;
  }
  const TcpConnection& connection() const { return *connection_; }

  int read(char* buffer, ssize_t* length);
  int write(const void* parts, int count, ssize_t* length);
  void close() { connection_->close(); }

  const std::string& first_bytes() const { return first_bytes_; }
  bool timed_out() const { return timed_out_; }

 private:
  std::unique_ptr<TcpConnection> connection_;
  Deadline deadline_;
  std::string first_bytes_;
  bool timed_out_ = false;
};

// Why a handshake failed, from the bytes that the other side sent and whether it fell silent.
NodeFailure diagnose_handshake(const std::string& first_bytes, bool timed_out);

}  // namespace relup::node
