// SPDX-License-Identifier: Apache-2.0
#include "node/ei_transport.hpp"

// A handshake as the node sees it (ERTS User's Guide, "Distribution Protocol"): we send our name;
// it answers with a status, 's' and a word, and when the word is ok a challenge, 'N' or 'n'; we
// answer with a digest of challenge and cookie; it acknowledges. Every message begins with two
// bytes of length. A node that does not like our digest hangs up after its challenge, so hanging up
// *there* means a wrong cookie. One that is still in a handshake with another of our name hangs up
// without a status (kernel, dist_util:mark_pending). A node that expects TLS takes our name for a
// broken record and sends an alert, whose first bytes are 21 and 3.

#include <algorithm>
#include <cerrno>

#include <sys/uio.h>

namespace relup::node {
namespace {

constexpr std::size_t remembered_bytes = 512;

EiTransport& transport_of(void* context) {
  return *static_cast<EiTransport*>(context);
}

int on_socket(void** context, void* setup_context) {
  *context = setup_context;
  return 0;
}

int on_close(void* context) {
  transport_of(context).close();
  return 0;
}

int on_listen(void*, void*, int*, int) {
  return ENOTSUP;
}

int on_accept(void**, void*, int*, unsigned) {
  return ENOTSUP;
}

int on_connect(void*, void*, int, unsigned) {
  return 0;  // it is connected already
}

int on_writev(void* context, const void* parts, int count, ssize_t* length, unsigned) {
  return transport_of(context).write(parts, count, length);
}

int on_write(void* context, const char* buffer, ssize_t* length, unsigned) {
  const iovec part{const_cast<char*>(buffer), static_cast<std::size_t>(*length)};
  return transport_of(context).write(&part, 1, length);
}

int on_read(void* context, char* buffer, ssize_t* length, unsigned) {
  return transport_of(context).read(buffer, length);
}

int on_header_size(void*, int* size) {
  *size = 2;
  return 0;
}

int on_get_descriptor(void* context, int* descriptor) {
  *descriptor = transport_of(context).connection().descriptor();
  return 0;
}

// Takes one handshake message off the front; empty when there is no whole one.
std::string take_message(std::string& bytes) {
  if (bytes.size() < 2) return "";
  const std::size_t length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8U |
                             static_cast<unsigned char>(bytes[1]);
  if (bytes.size() - 2 < length) return "";
  std::string message = bytes.substr(2, length);
  bytes.erase(0, 2 + length);
  return message;
}

}  // namespace

ei_socket_callbacks* EiTransport::callbacks() {
  static ei_socket_callbacks table = [] {
    ei_socket_callbacks made{};
    made.flags = EI_SCLBK_FLG_FULL_IMPL;
    made.socket = on_socket;
    made.close = on_close;
    made.listen = on_listen;
    made.accept = on_accept;
    made.connect = on_connect;
    made.writev = on_writev;
    made.write = on_write;
    made.read = on_read;
    made.handshake_packet_header_size = on_header_size;
    made.get_fd = on_get_descriptor;
    return made;
  }();
  return &table;
}

int EiTransport::read(char* buffer, ssize_t* length) {
  std::size_t count = 0;
  const int failure =
      connection_->read_some(buffer, static_cast<std::size_t>(*length), deadline_, count);
  if (failure == ETIMEDOUT) timed_out_ = true;
  if (failure != 0) return failure;
  const std::size_t room = remembered_bytes - std::min(first_bytes_.size(), remembered_bytes);
  first_bytes_.append(buffer, std::min(count, room));
  *length = static_cast<ssize_t>(count);
  return 0;
}

int EiTransport::write(const void* parts, int count, ssize_t* length) {
  std::size_t moved = 0;
  const int failure = connection_->write_some(static_cast<const iovec*>(parts),
                                              static_cast<std::size_t>(count), deadline_, moved);
  if (failure == ETIMEDOUT) timed_out_ = true;
  if (failure != 0) return failure;
  *length = static_cast<ssize_t>(moved);
  return 0;
}

NodeFailure diagnose_handshake(const std::string& first_bytes, bool timed_out) {
  if (first_bytes.starts_with("\x15\x03")) return NodeFailure::tls_distribution;
  std::string rest = first_bytes;
  const std::string status = take_message(rest);
  if (status.starts_with("snot_allowed")) return NodeFailure::not_allowed;
  if (status.starts_with("salive") || status.starts_with("snok")) return NodeFailure::name_in_use;
  if (timed_out) return NodeFailure::no_answer;
  if (first_bytes.empty()) return NodeFailure::hung_up;
  if (!status.starts_with("sok")) return NodeFailure::not_understood;
  const std::string challenge = take_message(rest);
  if (challenge.starts_with('N') || challenge.starts_with('n')) return NodeFailure::refused_cookie;
  return NodeFailure::connection_lost;
}

}  // namespace relup::node
